import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { AuditLog } from '../audit/audit.service.js';
import { BOOT } from '../common/actor.js';
import { RESTORATION_METADATA, type Restoration } from '../common/restoration.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { LAST_SIGN_OF_LIFE } from './restorations.sql.js';

/** Makes a database that was put back from a backup fit to be worked on, before anybody does. */
@Injectable()
export class Restorations {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly database: Database,
    private readonly audit: AuditLog,
  ) {}

  /** Up to when the database knows what happened, in real time: the last recurring work. Null when none ever ran. */
  async backedUpAt(): Promise<Date | null> {
    const [row] = await this.database.transact(BOOT, (em) =>
      run<{ ms: number | null }>(em, LAST_SIGN_OF_LIFE),
    );
    return typeof row?.ms === 'number' ? new Date(row.ms) : null;
  }

  /** Says in words what was done. Doing it twice does no harm. */
  async complete(backedUpAt: Date): Promise<string[]> {
    const done: string[] = [];
    for (const restoration of this.restorations()) done.push(...(await restoration.afterRestore(backedUpAt)));
    await this.audit.recordApart(BOOT, {
      action: 'backup.restored',
      details: { backedUpAt: backedUpAt.toISOString() },
    });
    return done;
  }

  private restorations(): Restoration[] {
    return this.discovery
      .getProviders()
      .filter(({ metatype }) => metatype && Reflect.getMetadata(RESTORATION_METADATA, metatype) === true)
      .map(({ instance }) => instance as unknown)
      .filter(isRestoration)
      .toSorted((a, b) => a.order - b.order);
  }
}

function isRestoration(instance: unknown): instance is Restoration {
  return typeof instance === 'object' && instance !== null && 'afterRestore' in instance;
}
