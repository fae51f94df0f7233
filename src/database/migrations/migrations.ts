import { Migration20261123000001 } from './migration-20261123000001-clock-and-audit.js';
import { Migration20261123000002 } from './migration-20261123000002-schema.js';
import { Migration20261123000003 } from './migration-20261123000003-rules.js';
import { Migration20261125224500 } from './migration-20261125224500-price-changes.js';
import { Migration20261125225958 } from './migration-20261125225958-payments.js';
import { Migration20261125231500 } from './migration-20261125231500-money-messages.js';
import { Migration20261126001500 } from './migration-20261126001500-urgent-effects.js';
import { Migration20261126041500 } from './migration-20261126041500-disputes-proofs-taxes.js';
import { Migration20261126174809 } from './migration-20261126174809-customers-sign-in.js';
import { Migration20261126185417 } from './migration-20261126185417-privacy.js';
import { Migration20261126200800 } from './migration-20261126200800-retention.js';
import { Migration20261127091909 } from './migration-20261127091909-calendar.js';
import { Migration20261127121609 } from './migration-20261127121609-consent-by-click.js';
import { Migration20261127130925 } from './migration-20261127130925-templates.js';
import { Migration20261127131938 } from './migration-20261127131938-lanes.js';
import { Migration20261127135744 } from './migration-20261127135744-recurring-runs.js';
import { Migration20261127175140 } from './migration-20261127175140-outbox-suspects.js';
import { Migration20261129150849 } from './migration-20261129150849-insight.js';
import { Migration20261129184428 } from './migration-20261129184428-policies-asked-once.js';
import { Migration20261129185753 } from './migration-20261129185753-imported-bookings.js';
import { Migration20261129205528 } from './migration-20261129205528-restored-once.js';
import { Migration20261130010843 } from './migration-20261130010843-allocations-in-bounds.js';
import { Migration20261130094500 } from './migration-20261130094500-lost-claims.js';
import { Migration20261130101000 } from './migration-20261130101000-clock-told-once.js';
import { Migration20261130111000 } from './migration-20261130111000-known-key.js';
import { Migration20261130162000 } from './migration-20261130162000-report-days.js';

/** Every migration in order. Imported by hand, so that compiled code, tests and tools see the same list. */
export const MIGRATIONS = [
  Migration20261123000001,
  Migration20261123000002,
  Migration20261123000003,
  Migration20261125224500,
  Migration20261125225958,
  Migration20261125231500,
  Migration20261126001500,
  Migration20261126041500,
  Migration20261126174809,
  Migration20261126185417,
  Migration20261126200800,
  Migration20261127091909,
  Migration20261127121609,
  Migration20261127130925,
  Migration20261127131938,
  Migration20261127135744,
  Migration20261127175140,
  Migration20261129150849,
  Migration20261129184428,
  Migration20261129185753,
  Migration20261129205528,
  Migration20261130010843,
  Migration20261130094500,
  Migration20261130101000,
  Migration20261130111000,
  Migration20261130162000,
];
