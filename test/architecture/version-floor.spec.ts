import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, ROOT, withoutComments } from './source-files.js';

interface Floor {
  name: string;
  floor: string;
  except?: string[];
  why: string;
}

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const { packages: floors }: { packages: Floor[] } = JSON.parse(read('docs/version-floor.json'));
const manifest: Manifest = JSON.parse(read('package.json'));
const lock: { packages: Record<string, { version?: string; resolved?: string; link?: boolean }> } =
  JSON.parse(read('package-lock.json'));

const installed = Object.entries(lock.packages)
  .filter(([path]) => path !== '')
  .map(([path, { version = '0.0.0' }]) => ({
    name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
    version,
  }));

/** A pre-release counts as older than the version it leads to. */
function isBelow(version: string, floor: string): boolean {
  const parts = (text: string) => (text.split(/[-+]/)[0] ?? '').split('.').map(Number);
  const [have, need] = [parts(version), parts(floor)];
  for (let index = 0; index < 3; index++) {
    const difference = (have[index] ?? 0) - (need[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return version.includes('-') && !floor.includes('-');
}

const copiesOf = ({ name, except = [] }: Floor) =>
  installed.filter((found) =>
    name.endsWith('/*')
      ? found.name.startsWith(name.slice(0, -1)) && !except.includes(found.name)
      : found.name === name,
  );

describe('packages with known holes', () => {
  it.each([
    ['7.0.13', '7.0.14', true],
    ['7.0.14', '7.0.14', false],
    ['7.10.0', '7.9.0', false],
    ['7.0.14-rc.1', '7.0.14', true],
    ['11.1.24', '11.1.25', true],
  ])('%s against the floor %s', (version, floor, below) => expect(isBelow(version, floor)).toBe(below));

  it.each(floors)('$name is at $floor or newer, in every copy', (floor) => {
    const copies = copiesOf(floor);
    expect(copies).not.toEqual([]);
    expect(copies.filter(({ version }) => isBelow(version, floor.floor))).toEqual([]);
  });

  it('never let an unknown object through validation', () => {
    const setting = filesOf('src/**/*.ts').filter(({ text }) =>
      /forbidUnknownValues: true/.test(withoutComments(text)),
    );
    expect(setting).not.toEqual([]);
  });
});

describe('what npm ci will install', () => {
  const pinned = { ...manifest.dependencies, ...manifest.devDependencies };

  it('is named exactly', () => {
    expect(
      Object.entries(pinned).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([]);
  });

  it('is what package.json names', () => {
    const differing = Object.entries(pinned).filter(
      ([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version,
    );
    expect(differing).toEqual([]);
  });

  it('comes from the registry the user chose: the lockfile names no host and no folder', () => {
    const elsewhere = Object.entries(lock.packages).filter(([, entry]) => entry.resolved ?? entry.link);
    expect(elsewhere.map(([path]) => path)).toEqual([]);
    expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
  });

  it('is complete for every platform', () => {
    const check = () =>
      execFileSync(process.execPath, ['scripts/complete-lockfile.mjs', '--check'], {
        cwd: ROOT,
        encoding: 'utf8',
      });
    expect(check()).toContain('every platform');
  });

  it('has all MikroORM drivers at one version, as they clash otherwise', () => {
    const drivers = installed.filter(
      ({ name }) => name.startsWith('@mikro-orm/') && name !== '@mikro-orm/nestjs',
    );
    expect(new Set(drivers.map(({ version }) => version)).size).toBe(1);
  });
});
