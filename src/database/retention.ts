import { SetMetadata } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';

/** Kinds of data with a time of their own; an owner sets the months (docs/privacy.md). */
export const DATA_CLASSES = [
  'identity',
  'notes',
  'messages',
  'bookings',
  'payments',
  'consents',
  'audit',
] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** What a module keeps for a time only. Found by discovery, as the holders of personal data are. */
export interface KeptForATime {
  /** How many rows are past their time; changes nothing. */
  count(em: EntityManager, months: number): Promise<number>;
  /** Cuts at most so many of them, in the caller's transaction, and tells how many; none is left when it says 0. */
  cut(em: EntityManager, months: number, most: number): Promise<number>;
}

export const RETENTION_METADATA = 'lawrei:retention';

/** Registers a provider as the one that ends a kind of data. What the law wants kept (`customer.legal_hold`) it leaves alone. */
export const KeptForMonths = (dataClass: DataClass) => SetMetadata(RETENTION_METADATA, dataClass);
