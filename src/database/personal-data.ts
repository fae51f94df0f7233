import { SetMetadata } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';

/** A row as it is stored, for the person it is about. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** What a module holds about one customer. Found by discovery, so that no module has to be named to be asked. */
export interface PersonalData {
  /** What stands in the way of erasing it, in words for the customer; nothing is the usual. */
  blockers(em: EntityManager, customerId: string): Promise<readonly string[]>;
  /** Everything, by table; secrets and other people's words are not the customer's. */
  export(em: EntityManager, customerId: string): Promise<Readonly<Record<string, readonly StoredRow[]>>>;
  /** Cuts what need not be kept, in the caller's transaction; done twice it does nothing. Tells how many rows it cut, by table. */
  erase(em: EntityManager, customerId: string, now: Date): Promise<Readonly<Record<string, number>>>;
}

export const PERSONAL_DATA_METADATA = 'lawrei:personal-data';

/** Where a module's part stands in the order of erasing: what needs the contacts goes first, the person's row last. */
export interface PersonalDataOptions {
  readonly section: string;
  readonly order: number;
}

/** Registers a provider as the holder of a section of personal data. */
export const HoldsPersonalData = (options: PersonalDataOptions) =>
  SetMetadata(PERSONAL_DATA_METADATA, options);

/** Nothing stands in the way. */
export const NO_BLOCKERS: readonly string[] = [];
