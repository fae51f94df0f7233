import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { Accounts } from './accounts.service.js';

/** Accounts alone, without the guard: what the command line needs. */
@Module({ imports: [AuditModule], providers: [Accounts], exports: [Accounts] })
export class AccountsModule {}
