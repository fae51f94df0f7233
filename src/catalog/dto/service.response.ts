import { Out } from '../../common/fields/response.fields.js';
import { MoneyField } from '../../common/money.response.js';
import type { OfferedService } from '../catalog.service.js';
import { PAYMENT_POLICIES, type PaymentPolicy } from '../entities/service.entity.js';

/** What is paid beforehand: one of the two. */
export class DepositResponse {
  @Out.int({ nullable: true }) percent!: number | null;
  @Out.int({ nullable: true, description: 'In minor units' }) amount!: number | null;
}

/** A service as everyone may see it. */
export class ServiceResponse {
  @Out.id() id!: string;
  @Out.text({ example: 'Haircut' }) name!: string;
  @Out.text() description!: string;
  @Out.int({ example: 60 }) durationMinutes!: number;
  @Out.int() stepMinutes!: number;
  @Out.object(() => MoneyField) price!: MoneyField;
  @Out.oneOf(PAYMENT_POLICIES) paymentPolicy!: PaymentPolicy;
  @Out.object(() => DepositResponse, { nullable: true }) deposit!: DepositResponse | null;
  @Out.texts({ description: 'Ids of those who offer it' }) staffIds!: string[];

  static from(offered: OfferedService): ServiceResponse {
    return Object.assign(new ServiceResponse(), shown(offered));
  }
}

/** A service as those who run the salon see it; `version` is the ETag. */
export class ServiceAdminResponse extends ServiceResponse {
  @Out.int() bufferBeforeMinutes!: number;
  @Out.int() bufferAfterMinutes!: number;
  @Out.bool() active!: boolean;
  @Out.instant() createdAt!: string;
  @Out.int() version!: number;

  static override from(offered: OfferedService): ServiceAdminResponse {
    const { bufferBeforeMinutes, bufferAfterMinutes, active, createdAt, version } = offered.service;
    return Object.assign(new ServiceAdminResponse(), shown(offered), {
      bufferBeforeMinutes,
      bufferAfterMinutes,
      active,
      createdAt: createdAt.toISOString(),
      version,
    });
  }
}

function shown({ service, staffIds }: OfferedService): ServiceResponse {
  const { id, name, description, durationMinutes, stepMinutes, paymentPolicy } = service;
  const deposit = { percent: service.depositPercent ?? null, amount: service.depositMinor ?? null };
  return {
    id,
    name,
    description,
    durationMinutes,
    stepMinutes,
    price: MoneyField.of(service.priceMinor, service.currency),
    paymentPolicy,
    deposit: paymentPolicy === 'deposit' ? deposit : null,
    staffIds: [...staffIds],
  };
}
