import { Out } from '../../common/fields/response.fields.js';
import { DATA_CLASSES, type DataClass } from '../../database/retention.js';
import type { RetentionNight } from '../entities/retention-night.entity.js';
import type { Retained } from '../retention-rules.service.js';
import type { Counts, Rules } from '../retention.types.js';

/** How many rows of one kind; of notes people are counted, of the audit log months. */
class CountResponse {
  @Out.oneOf(DATA_CLASSES) dataClass!: DataClass;
  @Out.int({ example: 12 }) rows!: number;
}

const countsOf = (counts: Partial<Counts>): CountResponse[] =>
  DATA_CLASSES.map((dataClass) => ({ dataClass, rows: counts[dataClass] ?? 0 }));

/** The last night on which things ended; instants are real time. */
class NightResponse {
  @Out.date({ description: 'In the salon’s zone' }) day!: string;
  @Out.instant() startedAt!: string;
  @Out.instant({ nullable: true }) endedAt!: string | null;
  @Out.list(() => CountResponse) cut!: CountResponse[];

  static from(this: void, { day, startedAt, endedAt, cut }: RetentionNight): NightResponse {
    return {
      day,
      startedAt: startedAt.toISOString(),
      endedAt: endedAt?.toISOString() ?? null,
      cut: countsOf(cut ?? {}),
    };
  }
}

/** For how many months each kind of data is kept. */
export class RetentionResponse implements Rules {
  @Out.int({ example: 24 }) identity!: number;
  @Out.int({ example: 12 }) notes!: number;
  @Out.int({ example: 12 }) messages!: number;
  @Out.int({ example: 36 }) bookings!: number;
  @Out.int({ example: 120 }) payments!: number;
  @Out.int({ example: 60 }) consents!: number;
  @Out.int({ example: 24 }) audit!: number;
  @Out.object(() => NightResponse, { nullable: true }) lastNight!: NightResponse | null;

  static from(this: void, { rules, lastNight }: Retained): RetentionResponse {
    return { ...rules, lastNight: lastNight ? NightResponse.from(lastNight) : null };
  }
}

/** What the next night would end. */
export class DryRunResponse {
  @Out.list(() => CountResponse) due!: CountResponse[];

  static from(this: void, counts: Counts): DryRunResponse {
    return { due: countsOf(counts) };
  }
}
