import { STAFF_ROLES, type StaffRole } from '../../common/actor.js';
import { Out } from '../../common/fields/response.fields.js';
import type { CustomerGrant } from '../customer-sign-in.service.js';
import type { GuestGrant } from '../manage-links.service.js';
import type { Challenge } from '../one-time-codes.service.js';
import type { RefreshedGrant } from '../refresh-tokens.js';
import type { StaffGrant } from '../sign-in.service.js';

class AccountOfGrant {
  @Out.id() id!: string;
  @Out.oneOf(STAFF_ROLES) role!: StaffRole;
}

class CustomerOfGrant {
  @Out.id() id!: string;
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

export class CustomerSessionResponse extends RefreshResponse {
  @Out.object(() => CustomerOfGrant) customer!: CustomerOfGrant;

  static override from(grant: CustomerGrant): CustomerSessionResponse {
    return { ...RefreshResponse.from(grant), customer: { id: grant.customer.id } };
  }
}

export class ChallengeResponse {
  @Out.id({ description: 'Send it back with the code' }) challengeId!: string;
  @Out.int({ description: 'Seconds until it is too late', example: 300 }) expiresIn!: number;

  static from({ challengeId, expiresIn }: Challenge): ChallengeResponse {
    return { challengeId, expiresIn };
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
