import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { PUBLIC } from '../common/actor.js';
import { Database } from '../database/database.service.js';
import { loadSalon } from './salon.js';
import type { Salon } from './salon.types.js';

/**
 * The catalogue in memory. Every statement that reads busy time also reads the catalogue's revision, which triggers
 * move on any change; a caller who finds another revision than its salon's asks for a fresh one. So nothing has to be
 * invalidated across processes.
 */
@Injectable()
export class SalonCache {
  private salon: Salon | null = null;
  private loading: Promise<Salon> | null = null;

  constructor(private readonly database: Database) {}

  /** The salon as last seen, loaded when there is none or it is older than `atLeast`. */
  async get(atLeast = 0): Promise<Salon> {
    if (this.salon && this.salon.revision >= atLeast) return this.salon;
    const loaded = await this.load();
    return loaded.revision >= atLeast ? loaded : this.get(atLeast);
  }

  /** Callers share one load, except inside a transaction: that one's fate must not become theirs. */
  private load(): Promise<Salon> {
    const read = () => this.database.transact(PUBLIC, (em) => this.read(em));
    if (this.database.isInTransaction()) return read();
    this.loading ??= read().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  private async read(em: EntityManager): Promise<Salon> {
    const salon = await loadSalon(em);
    if (!this.salon || this.salon.revision < salon.revision) this.salon = salon;
    return salon;
  }
}
