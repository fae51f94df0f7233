import { BusinessService } from '../../src/business/business.service.js';
import { loadConfig } from '../../src/config/config.js';
import { Secrets } from '../../src/config/secrets.service.js';
import { lawrei } from '../support/test-build.js';
import { TestApp } from '../support/test-app.js';
import { Database } from '../../src/database/database.service.js';

const [KEY, OTHER] = ['k'.repeat(32), 'o'.repeat(32)];

describe('a database whose hashes were made under one key', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api', ENCRYPTION_KEY: KEY } });
  });
  afterAll(() => app.stop());

  const startWith = (key: string, production: boolean) => {
    const config = { ...loadConfig({ ENCRYPTION_KEY: key }), production };
    return new BusinessService(app.get(Database), config, new Secrets(config)).onModuleInit();
  };

  it('is served in production under that key alone', async () => {
    await startWith(KEY, true);
    await expect(startWith(OTHER, true)).rejects.toThrow('ENCRYPTION_KEY is not the one');
    await startWith(KEY, true);
  });

  it('takes another one once somebody has said that the first is lost', async () => {
    expect((await lawrei(app, ['new-encryption-key'])).code).toBe(0);
    await startWith(OTHER, true);
    await expect(startWith(KEY, true)).rejects.toThrow('ENCRYPTION_KEY is not the one');
  });

  it('takes any other one outside production', async () => {
    await startWith(KEY, false);
    await startWith(KEY, true);
    await expect(startWith(OTHER, true)).rejects.toThrow('ENCRYPTION_KEY is not the one');
  });
});
