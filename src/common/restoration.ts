import { SetMetadata } from '@nestjs/common';

export const RESTORATION_METADATA = 'lawrei:restoration';

/** What has to happen before a database that was put back from a backup may be worked on. */
export interface Restoration {
  /** What comes first; lower is earlier. */
  readonly order: number;
  /** `backedUpAt`: the real time up to which the database knows what happened. Says in words what it did. */
  afterRestore(backedUpAt: Date): Promise<string[]>;
}

/** Has a provider of this kind called by `lawrei restored`; found by discovery, because operations import no integration. */
export const CalledAfterRestore = () => SetMetadata(RESTORATION_METADATA, true);
