import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { AuditModule } from '../audit/audit.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { AccessGuard } from './access.guard.js';
import { AccessTokens } from './access-tokens.js';
import { AccountChanges } from './account-changes.service.js';
import { AccountsAdminController } from './accounts-admin.controller.js';
import { AccountsModule } from './accounts.module.js';
import { AuthController } from './auth.controller.js';
import { AuthSweeper } from './auth-sweeper.js';
import { Denials } from './denials.js';
import { FirstOwner } from './first-owner.js';
import { ManageController } from './manage.controller.js';
import { ManageLinks } from './manage-links.service.js';
import { RefreshTokens } from './refresh-tokens.js';
import { RoutePolicy } from './route-policy.js';
import { SecurityCounters } from './security-counters.js';
import { Sessions } from './sessions.service.js';
import { SignIn } from './sign-in.service.js';
import { SigningKeys } from './signing-keys.js';

@Module({
  imports: [AuditModule, OutboxModule, AccountsModule, DiscoveryModule, JwtModule.register({})],
  controllers: [AuthController, AccountsAdminController, ManageController],
  providers: [
    SigningKeys,
    AccessTokens,
    Sessions,
    RefreshTokens,
    SecurityCounters,
    SignIn,
    AccountChanges,
    ManageLinks,
    Denials,
    RoutePolicy,
    FirstOwner,
    AuthSweeper,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ManageLinks],
})
export class AuthModule {}
