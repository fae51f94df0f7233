import { OneOf } from '../../common/fields/text.fields.js';
import { Id, Int, LocalDateField } from '../../common/fields/value.fields.js';

/** How finely a report is cut: local days, weeks from Monday, or months. */
export const GRANULARITIES = ['day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** Which days a report is about, as the salon's calendar counts them. */
export class KpisQuery {
  @LocalDateField({ optional: true, description: 'Left out: thirty days up to `to`' }) from?: string;
  @LocalDateField({ optional: true, description: 'Included; left out: today. At most 732 days together' })
  to?: string;
}

/** The same, and how finely it is cut. */
export class AnalyticsQuery extends KpisQuery {
  @OneOf(GRANULARITIES, {
    optional: true,
    default: 'day',
    description: 'Weeks begin on Monday; the first and last period may be cut short',
  })
  granularity?: Granularity;
}

/** The same, of one person or one service alone. */
export class FilteredAnalyticsQuery extends AnalyticsQuery {
  @Id({ optional: true, description: 'Bookings with this person alone' }) staffId?: string;
  @Id({ optional: true, description: 'Bookings of this service alone' }) serviceId?: string;
}

/** The same, and how many customers to name. */
export class CustomersAnalyticsQuery extends FilteredAnalyticsQuery {
  @Int({ min: 1, max: 1000, optional: true, default: 100, description: 'How many customers to name' })
  limit?: number;
}

/** Of one person alone. */
export class StaffAnalyticsQuery extends AnalyticsQuery {
  @Id({ optional: true, description: 'This person alone' }) staffId?: string;
}
