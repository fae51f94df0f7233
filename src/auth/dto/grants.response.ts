import { STAFF_ROLES, type StaffRole } from '../../common/actor.js';
import { Out } from '../../common/fields/response.fields.js';
import type { GuestGrant } from '../manage-links.service.js';
import type { RefreshedGrant } from '../refresh-tokens.js';
import type { StaffGrant } from '../sign-in.service.js';

class AccountOfGrant {
  @Out.id() id!: string;
  @Out.oneOf(STAFF_ROLES) role!: StaffRole;
}

class BookingOfGrant {
  @Out.id() id!: string;
}

export class RefreshResponse {
  @Out.text({ description: 'Send it as `Authorization: Bearer …`' }) accessToken!: string;
  @Out.text({ description: 'Good for one use, a week at most' }) refreshToken!: string;
  @Out.int({ description: 'Seconds until the access token ends', example: 600 }) expiresIn!: number;

  static from({ accessToken, refreshToken, expiresIn }: RefreshedGrant): RefreshResponse {
    return { accessToken, refreshToken, expiresIn };
  }
}

export class LoginResponse extends RefreshResponse {
  @Out.object(() => AccountOfGrant) account!: AccountOfGrant;

  static override from(grant: StaffGrant): LoginResponse {
    return { ...RefreshResponse.from(grant), account: { id: grant.account.id, role: grant.account.role } };
  }
}

export class ManageSessionResponse {
  @Out.text({ description: 'Opens this one booking, for an hour at most' }) accessToken!: string;
  @Out.int({ example: 600 }) expiresIn!: number;
  @Out.object(() => BookingOfGrant) booking!: BookingOfGrant;

  static from({ accessToken, expiresIn, booking }: GuestGrant): ManageSessionResponse {
    return { accessToken, expiresIn, booking: { id: booking.id } };
  }
}
