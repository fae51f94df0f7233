import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { EffectClaims } from './effect-claims.js';
import { EffectRunner } from './effect.runner.js';
import { HandlerRegistry } from './handler.registry.js';
import { Heartbeat } from './heartbeat.js';
import { IntegrationStatusBoard } from './integration-status.service.js';
import { Outbox } from './outbox.service.js';
import { Relay } from './relay.js';
import { RecurringWork } from './recurring-work.service.js';
import { WakeLine } from './wake-line.js';
import { Wake } from './wake.js';

@Module({
  imports: [DiscoveryModule],
  providers: [
    HandlerRegistry,
    Outbox,
    Wake,
    WakeLine,
    EffectRunner,
    EffectClaims,
    Relay,
    IntegrationStatusBoard,
    Heartbeat,
    RecurringWork,
  ],
  exports: [EffectClaims, EffectRunner, Outbox, Relay, Wake, IntegrationStatusBoard, RecurringWork],
})
export class OutboxModule {}
