import { parse } from 'yaml';
import { filesOf } from './source-files.js';

interface Service {
  image?: string;
  command?: string[];
  env_file?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  networks?: Record<string, { ipv4_address: string }>;
}

const [file] = filesOf('docker/compose.yaml');
const { services, networks }: { services: Record<string, Service>; networks: { inside: { ipam: object } } } =
  parse(file?.text ?? '', { merge: true });
const ours = Object.values(services).filter(({ image }) => image === 'lawrei');
const roleOf = ({ environment }: Service) => environment?.['LAWREI_ROLE'];
const declared = filesOf('src/config/environment.ts').flatMap(({ text }) =>
  [...text.matchAll(/\b([A-Z][A-Z0-9_]+)\?: /g)].map((match) => match[1]),
);

describe('docker/compose.yaml', () => {
  it('runs two of each role', () => {
    expect(ours.map(roleOf).toSorted()).toEqual(['api', 'api', 'worker', 'worker']);
    expect(ours.filter(({ command }) => command?.includes('dist/worker.js')).map(roleOf)).toEqual([
      'worker',
      'worker',
    ]);
  });

  it('gives them all that .env says, and sets itself only what Lawrei reads', () => {
    for (const { env_file, environment = {} } of ours) {
      expect(env_file).toEqual(['../.env']);
      expect(declared).toEqual(expect.arrayContaining(Object.keys(environment)));
    }
  });

  it('runs in production whatever .env leaves empty', () => {
    for (const { environment } of ours)
      expect(environment).toMatchObject({
        NODE_ENV: 'production',
        HOST: '0.0.0.0',
        LAWREI_DATA_DIR: '/data',
      });
  });

  it('opens nothing but the proxy to the outside, which alone is believed about addresses', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['proxy']);
    const address = services['proxy']?.networks?.['inside']?.ipv4_address;
    expect(ours.map(({ environment }) => environment?.['TRUST_PROXY'])).toEqual(ours.map(() => address));
    expect(JSON.stringify(networks.inside.ipam)).toContain('172.28.7.0/24');
  });
});
