import { STAFF_ROLES, type StaffRole } from '../../common/actor.js';
import { Email, OneOf, Secret, Text } from '../../common/fields/text.fields.js';
import { Bool, Id } from '../../common/fields/value.fields.js';
import type { AccountChange } from '../account-changes.service.js';
import type { NewAccount } from '../accounts.service.js';
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../passwords.js';

const NAME = { max: 120, example: 'Grace Hopper' };
const PASSWORD = {
  min: SHORTEST_PASSWORD,
  max: LONGEST_PASSWORD,
  description: 'Any characters; those that are tried first are refused',
};
const CALENDAR = {
  optional: true,
  nullable: true,
  description: 'Whose calendar is theirs: an id of `GET /admin/staff`',
};

/** Somebody who shall be able to sign in. */
export class CreateAccountRequest implements NewAccount {
  @Email({ example: 'grace@lawrei.example' }) email!: string;
  @Text(NAME) name!: string;
  @OneOf(STAFF_ROLES) role!: StaffRole;
  @Secret(PASSWORD) password!: string;
  @Id(CALENDAR) staffId?: string | null;
}

/** What changes; the e-mail address is for good. */
export class ChangeAccountRequest implements AccountChange {
  @Text({ ...NAME, optional: true }) name?: string;
  @OneOf(STAFF_ROLES, { optional: true }) role?: StaffRole;
  @Id(CALENDAR) staffId?: string | null;
  @Bool({ optional: true, description: 'true: signs them out everywhere and lets them in no more' })
  disabled?: boolean;
  @Secret({ ...PASSWORD, optional: true, description: 'Signs them out everywhere' }) password?: string;
}
