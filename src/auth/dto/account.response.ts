import { STAFF_ROLES, type StaffRole } from '../../common/actor.js';
import { Out } from '../../common/fields/response.fields.js';
import type { Account } from '../entities/account.entity.js';

/** Who may sign in, and as what; `version` is the ETag. */
export class AccountResponse {
  @Out.id() id!: string;
  @Out.text({ example: 'grace@lawrei.example' }) email!: string;
  @Out.text({ example: 'Grace Hopper' }) name!: string;
  @Out.oneOf(STAFF_ROLES) role!: StaffRole;
  @Out.id({ nullable: true, description: 'Whose calendar is theirs' }) staffId!: string | null;
  @Out.bool({ description: 'true: cannot sign in' }) disabled!: boolean;
  @Out.bool({ description: 'true: deleted, and kept only for the history' }) closed!: boolean;
  @Out.instant() createdAt!: string;
  @Out.int() version!: number;

  static from(account: Account): AccountResponse {
    return Object.assign(new AccountResponse(), {
      id: account.id,
      email: account.email,
      name: account.name,
      role: account.role,
      staffId: account.resourceId ?? null,
      disabled: (account.disabledAt ?? null) !== null,
      closed: (account.closedAt ?? null) !== null,
      createdAt: account.createdAt.toISOString(),
      version: account.version,
    });
  }
}
