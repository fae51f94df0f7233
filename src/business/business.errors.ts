import { Conflict, FieldRefused } from '../common/domain-error.js';

/** Prices are kept in the salon's currency, so it stays what it is from the first service on. */
export class CurrencyInUse extends Conflict {
  constructor() {
    super('The currency cannot change any more: services have prices in it.');
  }
}

export class QuietHoursOutOfOrder extends FieldRefused {
  constructor() {
    super('/quietTo', 'order', 'must be later than `quietFrom`');
  }
}

export class RefundTiersRepeat extends FieldRefused {
  constructor() {
    super('/refundTiers', 'unique', 'must name each `hoursBefore` once');
  }
}
