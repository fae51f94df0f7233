import { Out } from '../../common/fields/response.fields.js';
import type { OfferingStaff } from '../catalog.service.js';

/** A staff member as everyone may see them: no contact. */
export class StaffResponse {
  @Out.id() id!: string;
  @Out.text({ example: 'Grace Hopper' }) name!: string;
  @Out.texts({ description: 'Ids of what they offer' }) serviceIds!: string[];

  static from({ staff, offers }: OfferingStaff): StaffResponse {
    const serviceIds = offers.map((offer) => offer.serviceId);
    return Object.assign(new StaffResponse(), { id: staff.id, name: staff.name, serviceIds });
  }
}

/** What somebody offers, with their own duration and price where these differ. */
export class OfferResponse {
  @Out.id() serviceId!: string;
  @Out.int({ nullable: true }) durationMinutes!: number | null;
  @Out.int({ nullable: true, description: 'In minor units' }) priceAmount!: number | null;
}

/** A staff member as those who run the salon see them; `version` is the ETag. */
export class StaffAdminResponse {
  @Out.id() id!: string;
  @Out.text({ example: 'Grace Hopper' }) name!: string;
  @Out.text({ nullable: true }) email!: string | null;
  @Out.text({ nullable: true }) phone!: string | null;
  @Out.bool() active!: boolean;
  @Out.list(() => OfferResponse) services!: OfferResponse[];
  @Out.instant() createdAt!: string;
  @Out.int() version!: number;

  static from({ staff, offers }: OfferingStaff): StaffAdminResponse {
    return Object.assign(new StaffAdminResponse(), {
      id: staff.id,
      name: staff.name,
      email: staff.email ?? null,
      phone: staff.phone ?? null,
      active: staff.active,
      services: offers.map(({ serviceId, durationMinutes, priceMinor }) => ({
        serviceId,
        durationMinutes: durationMinutes ?? null,
        priceAmount: priceMinor ?? null,
      })),
      createdAt: staff.createdAt.toISOString(),
      version: staff.version,
    });
  }
}
