import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { MikroORM } from '@mikro-orm/postgresql';
import { PostgresDialect } from 'kysely';
import { Clock, DatabaseClock } from '../common/clock.js';
import { Database } from './database.service.js';
import { ormOptions, type EntityList } from './orm.options.js';
import { Pools } from './pools.js';

/** Lets go of every connection when the application has stopped serving. */
class ClosePools implements OnApplicationShutdown {
  constructor(private readonly pools: Pools) {}

  onApplicationShutdown(): Promise<void> {
    return this.pools.end();
  }
}

/** The pools, the entity manager's metadata, the clock that follows the database, and `Database.transact`. */
@Module({})
export class DatabaseModule {
  static of(appUrl: string, entities: EntityList): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: Pools, useFactory: () => new Pools(appUrl) },
        DatabaseClock,
        { provide: Clock, useExisting: DatabaseClock },
        {
          provide: MikroORM,
          inject: [Pools],
          useFactory: (pools: Pools) =>
            new MikroORM(
              ormOptions(entities, { driverOptions: new PostgresDialect({ pool: pools.requests }) }),
            ),
        },
        {
          provide: Database,
          inject: [MikroORM, Pools, DatabaseClock],
          useFactory: (orm: MikroORM, pools: Pools, clock: DatabaseClock) => new Database(orm, pools, clock),
        },
        { provide: ClosePools, inject: [Pools], useFactory: (pools: Pools) => new ClosePools(pools) },
      ],
      exports: [Database, Clock, DatabaseClock, Pools],
    };
  }
}
