import { Module, type DynamicModule } from '@nestjs/common';
import { KeyedHash } from '../common/keyed-hash.js';
import { Config } from './config.js';
import { Secrets } from './secrets.service.js';

/** Hands the checked configuration, and the keys derived from it, to everyone. */
@Module({})
export class ConfigModule {
  static of(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [
        { provide: Config, useValue: config },
        Secrets,
        { provide: KeyedHash, useExisting: Secrets },
      ],
      exports: [Config, Secrets, KeyedHash],
    };
  }
}
