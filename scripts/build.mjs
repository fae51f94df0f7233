/** Compiles src/ to dist/. swc takes no notice of types: `npm run check` does. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SWC = fileURLToPath(new URL('../node_modules/@swc/cli/bin/swc.js', import.meta.url));
const OUT = `${ROOT}dist`;

const mtime = (path) => statSync(path).mtimeMs;

/** True when a source file or folder (a deletion touches its folder) is newer than the last build. */
export function isStale() {
  if (!existsSync(`${OUT}/main.js`)) return true;
  const builtAt = mtime(`${OUT}/main.js`);
  if (mtime(`${ROOT}.swcrc`) > builtAt || mtime(`${ROOT}src`) > builtAt) return true;
  return readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' }).some(
    (path) => mtime(`${ROOT}src/${path}`) > builtAt,
  );
}

/** Builds beside dist/ and swaps at the end, so that an instance already running never loads half a build. */
export function build() {
  const fresh = `${OUT}.${process.pid}`;
  const previous = `${fresh}.previous`;
  const options = ['--strip-leading-paths', '--copy-files', '--ignore', '**/*.spec.ts', '--quiet'];
  try {
    execFileSync(process.execPath, [SWC, 'src', '-d', fresh, ...options], { cwd: ROOT, stdio: 'inherit' });
    if (existsSync(OUT)) renameSync(OUT, previous);
    renameSync(fresh, OUT);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(previous, { recursive: true, force: true });
  }
}

if (import.meta.main) build();
