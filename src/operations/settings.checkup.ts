import { Injectable } from '@nestjs/common';
import { ExaminedByDoctor, failure, ok, warning, type Checkup, type Finding } from '../common/checkup.js';
import { Config } from '../config/config.js';

/** Whether the settings are those of a salon that is open to the world. That they can be read at all is proven by the start. */
@Injectable()
@ExaminedByDoctor()
export class SettingsCheckup implements Checkup {
  readonly part = 'settings';

  constructor(private readonly config: Config) {}

  async examine(): Promise<Finding[]> {
    const { production, publicUrl, jwtPrivateKeys, encryptionKey, metricsToken, docsEnabled } = this.config;
    if (!production)
      return [
        warning(
          'This is no production: the sandbox may stand in, and keys are made up.',
          'Set NODE_ENV=production for real customers.',
        ),
      ];
    return [
      publicUrl.startsWith('https:')
        ? ok(`Customers reach the salon at ${publicUrl}.`)
        : failure(`PUBLIC_URL is ${publicUrl}.`, 'Serve it over https.'),
      jwtPrivateKeys.length > 0 && encryptionKey !== null
        ? ok('Keys are set, so that every process has the same.')
        : failure(
            'JWT_PRIVATE_KEY or ENCRYPTION_KEY is not set.',
            'Set both; .env.example says how they are made.',
          ),
      metricsToken === null
        ? warning('Nobody can read /metrics.', 'Set METRICS_TOKEN and docker/monitoring/prometheus.yaml.')
        : ok('/metrics has its token.'),
      docsEnabled
        ? warning('/docs is open to everybody.', 'Leave DOCS_ENABLED empty.')
        : ok('/docs is closed.'),
    ];
  }
}
