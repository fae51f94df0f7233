/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out.
 *
 * A registry mirror may not carry `@swc/core-darwin-arm64` and its like. `npm install` then succeeds and writes a lockfile
 * without them, and `npm ci` refuses that very lockfile ("Missing: … from lock file"). An entry with version and platform
 * is enough for it, and other machines fetch what fits them. Such entries carry no integrity hash.
 *
 * `node scripts/complete-lockfile.mjs` writes; `--check` only tells, and fails when something is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);

const SYSTEMS = { windows: 'win32' };
const KNOWN_SYSTEMS =
  /(?:^|[-/])(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|windows)-/;
const KNOWN_CPUS = /-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)(?:-|$)/;

/** npm names such packages `…/linux-x64-musl`; the system, processor and C library are read from there. */
function platformOf(name) {
  const system = KNOWN_SYSTEMS.exec(name)?.[1];
  const cpu = KNOWN_CPUS.exec(name)?.[1];
  if (!system || !cpu) throw new Error(`${name}: cannot tell which platform it is for`);
  const libc = system === 'linux' ? (/-musl/.test(name) ? 'musl' : /-gnu/.test(name) ? 'glibc' : null) : null;
  return { os: [SYSTEMS[system] ?? system], cpu: [cpu], ...(libc && { libc: [libc] }) };
}

/** The way Node looks a package up: in the requirer's own node_modules, then in each one above it. */
function resolves(packages, from, name) {
  for (let base = from; ; base = base.slice(0, base.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    if (packages[base ? `${base}/node_modules/${name}` : `node_modules/${name}`]) return true;
    if (!base) return false;
  }
}

function missingFrom(packages) {
  const added = {};
  for (const [requirer, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (resolves({ ...packages, ...added }, requirer, name)) continue;
      if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name}: "${version}" is no exact version`);
      const { os, cpu, libc } = platformOf(name);
      added[`node_modules/${name}`] = {
        version,
        cpu,
        ...(entry.dev && { dev: true }),
        ...(libc && { libc }),
        optional: true,
        os,
      };
    }
  }
  return added;
}

const text = readFileSync(FILE, 'utf8');
const lock = JSON.parse(text);
const missing = missingFrom(lock.packages);
const names = Object.keys(missing);

if (names.length === 0) {
  console.log('package-lock.json names the optional packages of every platform.');
} else if (process.argv.includes('--check')) {
  console.error(`package-lock.json lacks ${names.length} optional packages, so "npm ci" would refuse it:`);
  console.error(`${names.join('\n')}\nRemedy: npm run lockfile`);
  process.exitCode = 1;
} else {
  const { '': root, ...rest } = { ...lock.packages, ...missing };
  const sorted = Object.fromEntries(Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en')));
  const indent = /^( +)"/m.exec(text)?.[1].length ?? 2;
  writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: { '': root, ...sorted } }, null, indent)}\n`);
  console.log(`Added ${names.length} optional packages of other platforms to package-lock.json.`);
}
