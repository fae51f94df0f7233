import 'reflect-metadata';
import { loadConfig } from './config.js';

describe('the configuration', () => {
  it.each([
    'America/New_York',
    'Asia/Kathmandu',
    'Asia/Kolkata',
    'Europe/Kyiv',
    'US/Eastern',
    'Etc/UTC',
    'UTC',
  ])('takes %s as the salon’s time zone', (zone) => {
    expect(loadConfig({ TIMEZONE: zone }).business.timeZone).toBe(zone);
  });

  it.each(['+02:00', 'Europe/Atlantis', 'Berlin'])('refuses %s as a time zone', (zone) => {
    expect(() => loadConfig({ TIMEZONE: zone })).toThrow('TIMEZONE');
  });

  it('takes a currency that exists, and no other three letters', () => {
    expect(loadConfig({ CURRENCY: 'EUR' }).business.currency).toBe('EUR');
    expect(loadConfig({}).business.currency).toBe('USD');
    for (const wrong of ['ZZZ', 'eur', 'EURO'])
      expect(() => loadConfig({ CURRENCY: wrong })).toThrow('CURRENCY');
  });

  it('shows the documentation when told true, hides it when told false, and takes nothing else', () => {
    expect(loadConfig({ DOCS_ENABLED: 'true' }).docsEnabled).toBe(true);
    expect(loadConfig({ DOCS_ENABLED: 'false' }).docsEnabled).toBe(false);
    expect(loadConfig({ DOCS_ENABLED: '' }).docsEnabled).toBe(true);
    for (const wrong of ['yes', '1', 'TRUE', 'on'])
      expect(() => loadConfig({ DOCS_ENABLED: wrong })).toThrow('DOCS_ENABLED');
  });

  it.each(['OUTBOX_LEASE_MS', 'MESSAGE_RECONCILE_MS'])(
    'refuses in production a %s that a call to a provider may outlive',
    (name) => {
      const env = {
        NODE_ENV: 'production',
        DATABASE_APP_URL: 'postgres://lawrei_app@db/lawrei',
        JWT_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----',
        ENCRYPTION_KEY: 'x'.repeat(44),
        PUBLIC_URL: 'https://salon.example',
      };
      expect(loadConfig({ ...env, [name]: '30000' }).production).toBe(true);
      expect(() => loadConfig({ ...env, [name]: '29999' })).toThrow(name);
    },
  );

  it.each([
    ['10.0.0.1', ['10.0.0.1']],
    ['10.0.0.0/8, 2001:db8::/32', ['10.0.0.0/8', '2001:db8::/32']],
    ['loopback,linklocal,uniquelocal', ['loopback', 'linklocal', 'uniquelocal']],
  ])('believes the proxies %s', (text, hops) => {
    expect(loadConfig({ TRUST_PROXY: text }).trustProxy).toEqual(hops);
  });

  it.each([
    'true',
    '1',
    '*',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '10.0.0.0/255.0.0.0',
    '10.0.0.1/8/8',
    '10.0.0',
    'fe80::1%eth0',
    '::ffff:10.0.0.1',
    'loopback,nonsense',
    ',',
  ])('believes no proxy called %s: it refuses to start', (text) => {
    expect(() => loadConfig({ TRUST_PROXY: text })).toThrow('TRUST_PROXY');
  });

  it('believes no proxy unless told to', () => {
    expect(loadConfig({}).trustProxy).toBeNull();
  });

  describe('of Stripe', () => {
    const keys = (mode: 'test' | 'live') => ({
      STRIPE_SECRET_KEY: `sk_${mode}_${'x'.repeat(24)}`,
      STRIPE_PUBLISHABLE_KEY: `pk_${mode}_${'x'.repeat(24)}`,
      STRIPE_WEBHOOK_SECRET: `whsec_${'y'.repeat(24)}`,
    });

    it('is the sandbox when nothing is set, and live when all of it is', () => {
      expect(loadConfig({}).stripe).toMatchObject({ mode: 'sandbox', secretKey: '', webhookSecrets: [] });
      expect(loadConfig(keys('test')).stripe).toMatchObject({ mode: 'live', apiBase: null });
    });

    it.each(Object.keys(keys('test')))('without %s names it, and no value', (missing) => {
      const half = Object.entries(keys('test')).filter(([name]) => name !== missing);
      const refused = () => loadConfig(Object.fromEntries(half));
      expect(refused).toThrow(missing);
      expect(refused).not.toThrow(/xxx|yyy/);
    });

    it('takes two webhook secrets while one is changed', () => {
      const both = `whsec_${'a'.repeat(24)},whsec_${'b'.repeat(24)}`;
      const { stripe } = loadConfig({ ...keys('live'), STRIPE_WEBHOOK_SECRET: both });
      expect(stripe.webhookSecrets).toEqual(both.split(','));
    });

    it('refuses keys of two modes', () => {
      const mixed = { ...keys('test'), STRIPE_SECRET_KEY: keys('live').STRIPE_SECRET_KEY };
      expect(() => loadConfig(mixed)).toThrow('both');
    });
  });
});
