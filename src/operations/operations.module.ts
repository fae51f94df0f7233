import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { Closing } from './closing.js';
import { DatabaseCheckup } from './database.checkup.js';
import { Doctor } from './doctor.service.js';
import { ErrorTracker } from './error-tracker.service.js';
import { HealthController } from './health.controller.js';
import { InvariantsController } from './invariants.controller.js';
import { Measurements } from './measurements.service.js';
import { MetricsController } from './metrics.controller.js';
import { OutboxAdminController } from './outbox-admin.controller.js';
import { OutboxAdmin } from './outbox-admin.service.js';
import { ProblemsController } from './problems.controller.js';
import { Restorations } from './restorations.service.js';
import { Readiness } from './readiness.service.js';
import { RedisCheckup } from './redis.checkup.js';
import { RequestTallies } from './request-tally.service.js';
import { Sentinel } from './sentinel.service.js';
import { ServicesStatusController } from './services-status.controller.js';
import { ServicesStatus } from './services-status.service.js';
import { SettingsCheckup } from './settings.checkup.js';
import { TrueTime } from './true-time.js';
import { Upkeep } from './upkeep.service.js';

/** What operators see and do: health, state of the services, dead effects, refusals explained, housekeeping. */
@Module({
  imports: [AuditModule, OutboxModule, DiscoveryModule],
  controllers: [
    HealthController,
    MetricsController,
    ServicesStatusController,
    InvariantsController,
    OutboxAdminController,
    ProblemsController,
  ],
  providers: [
    Closing,
    Restorations,
    Readiness,
    ServicesStatus,
    OutboxAdmin,
    Measurements,
    RequestTallies,
    Sentinel,
    ErrorTracker,
    Doctor,
    SettingsCheckup,
    DatabaseCheckup,
    RedisCheckup,
    TrueTime,
    Upkeep,
  ],
  exports: [Closing],
})
export class OperationsModule {}
