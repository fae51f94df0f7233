/** Our TypeScript as JavaScript: swc with the `.swcrc` of the repository, each file once. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync, version } from '@swc/core';

// Read by absolute path: a child process may run in another working directory, where swc would find no `.swcrc`.
const options = {
  ...JSON.parse(readFileSync(new URL('../.swcrc', import.meta.url), 'utf8')),
  swcrc: false,
  configFile: false,
  sourceMaps: 'inline',
};

/** What was translated before is read back: tools and tests start dozens of processes from the same 500 files. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/translated/', import.meta.url));
const settings = JSON.stringify([version, options]);

/** The JavaScript of a TypeScript file, its source map inline. */
export function translated(filename) {
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
