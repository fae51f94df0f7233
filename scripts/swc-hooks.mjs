/**
 * Lets Node run the TypeScript of this repository without a build: `node --import ./scripts/swc-hooks.mjs src/main.ts`.
 * Node's own type stripping knows no decorators, so swc translates, with the same `.swcrc` the build uses.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync, version } from '@swc/core';

// Read by absolute path: a child process may run in another working directory, where swc would find no `.swcrc`.
const options = {
  ...JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8')),
  swcrc: false,
  configFile: false,
  sourceMaps: 'inline',
};

/** What was translated before is read back: the tests start some sixty processes, each from the same 450 files. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/swc-hooks/', import.meta.url));
const settings = JSON.stringify([version, options]);

function translated(filename) {
  const source = readFileSync(filename, 'utf8');
  const key = createHash('sha256')
    .update(settings)
    .update(filename)
    .update('\0')
    .update(source)
    .digest('hex');
  const cached = `${CACHE}${key}.js`;
  try {
    return readFileSync(cached, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  const { code } = transformSync(source, { ...options, filename });
  try {
    mkdirSync(CACHE, { recursive: true });
    // Under a name of its own first: another process may be reading, or writing the same file.
    const written = `${cached}.${randomUUID()}`;
    writeFileSync(written, code);
    renameSync(written, cached);
  } catch {
    // A folder nobody may write to: slower, and no worse.
  }
  return code;
}

const isOurs = (url) => url?.startsWith('file:') && url.endsWith('.ts') && !url.includes('/node_modules/');

process.setSourceMapsEnabled(true);
registerHooks({
  resolve(specifier, context, next) {
    const mayBeTypeScript =
      specifier.startsWith('.') && specifier.endsWith('.js') && isOurs(context.parentURL);
    if (!mayBeTypeScript) return next(specifier, context);
    try {
      return next(`${specifier.slice(0, -3)}.ts`, context);
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      return next(specifier, context);
    }
  },
  load(url, context, next) {
    if (!isOurs(url)) return next(url, context);
    return {
      format: 'module',
      shortCircuit: true,
      source: translated(fileURLToPath(url)),
    };
  },
});
