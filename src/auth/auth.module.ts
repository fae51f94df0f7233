import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { AuditModule } from '../audit/audit.module.js';
import { BusinessModule } from '../business/business.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { AccountChanges } from './account-changes.service.js';
import { AccountsAdminController } from './accounts-admin.controller.js';
import { AccountsModule } from './accounts.module.js';
import { AuthController } from './auth.controller.js';
import { AuthSweeper } from './auth-sweeper.js';
import { CustomerAuthController } from './customer-auth.controller.js';
import { CustomerSignIn } from './customer-sign-in.service.js';
import { Denials } from './denials.js';
import { FirstOwner } from './first-owner.js';
import { ManageController } from './manage.controller.js';
import { ManageLinks } from './manage-links.service.js';
import { OneTimeCodes } from './one-time-codes.service.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RestoredSessions } from './restored-sessions.js';
import { RoutePolicy } from './route-policy.js';
import { SecurityCounters } from './security-counters.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';
import { StepUp } from './step-up.service.js';
import { SigningKeys } from './signing-keys.js';
import { AuthPersonalData } from './auth.personal-data.js';

@Module({
  imports: [
    AuditModule,
    BusinessModule,
    CustomersModule,
    OutboxModule,
    AccountsModule,
    DiscoveryModule,
    JwtModule.register({}),
  ],
  controllers: [AuthController, CustomerAuthController, AccountsAdminController, ManageController],
  providers: [
    AuthPersonalData,
    RestoredSessions,
    SigningKeys,
    AccessTokens,
    Sessions,
    RefreshTokens,
    SecurityCounters,
    SignIn,
    OneTimeCodes,
    CustomerSignIn,
    StepUp,
    AccountChanges,
    ManageLinks,
    Denials,
    RoutePolicy,
    FirstOwner,
    AuthSweeper,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ManageLinks, OneTimeCodes, Sessions, StepUp],
})
export class AuthModule {}
