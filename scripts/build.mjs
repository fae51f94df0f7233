/**
 * Bundles src/ and the packages it uses into dist/. Node needs a millisecond for each of 3,000 modules, whatever is in them: from
 * few files it starts in a third of the time. swc translates as everywhere else; types are checked by `npm run check`.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { translated } from './translate.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What is started by name. The emulator lies where `sandbox.process.ts` looks for it from any chunk of the bundle. */
export const SHIPPED = {
  out: `${ROOT}dist`,
  sources: [`${ROOT}src`],
  entries: {
    main: 'src/main.ts',
    worker: 'src/worker.ts',
    cli: 'src/cli.ts',
    'emulator/main': 'src/sandbox/emulator/main.ts',
  },
};

/**
 * Left as packages: binaries; what reads files or starts threads beside itself; what is loaded only when it is used, so that an
 * instance finds it although a newer build has taken the place of its own; and what Nest would only like to have.
 */
const EXTERNAL = [
  '@node-rs/argon2',
  'pino',
  'mailparser',
  'nodemailer',
  'pdfkit',
  'stripe',
  'twilio',
  '@googleapis/calendar',
  'bull',
  'ioredis',
  '@fastify/multipart',
  '@fastify/view',
  '@nestjs/microservices',
  '@nestjs/platform-express',
  '@nestjs/websockets',
  'class-transformer/storage',
];

/** What Nest loads late and asks for by name: of a CommonJS file a bundle would give it only the whole. */
const MODULES = {
  'class-transformer': './node_modules/class-transformer/esm2015/index.js',
  'class-validator': './node_modules/class-validator/esm2015/index.js',
};

const swc = {
  name: 'swc',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: translated(path), loader: 'js' }));
  },
};

/** A map of nothing. A stack trace leads to our lines; the way to those of packages would cost every start 1 s and 90 MB. */
const NO_MAP = `\n//# sourceMappingURL=data:application/json;base64,${btoa('{"version":3,"sources":["package"],"mappings":"AAAA"}')}`;

const packagesWithoutMap = {
  name: 'packages-without-map',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')) + NO_MAP,
      loader: 'js',
    }));
  },
};

/** A name for what was declared inside something: a line of its own, or around what it names. */
const DECLARED = /^ +__name\((?!this\b)[\w$]+, "[^"]*"\);$/;
const ARROW = /\/\* @__PURE__ \*\/ __name\((?=(?:async )?\()/g;
const FUNCTION = /\/\* @__PURE__ \*\/ __name\((?=(?:async )?function\b)/g;

/**
 * A bundle's text without the names of functions inside functions: each time one is made, the bundler's way of keeping its name
 * defines a property on it, a tenth of the processor time of a request. Lines and columns stay where they are.
 */
export function withoutInnerNames(text) {
  const same = '/* @__PURE__ */ __same(';
  return text
    .split('\n')
    .map((line) => {
      if (!line.startsWith('  ')) return line;
      if (DECLARED.test(line)) return '';
      const shorter = line.replace(ARROW, same);
      // Four spaces are the outermost of a CommonJS file; a function may be a class of the old kind there.
      return line.startsWith('      ') ? shorter.replace(FUNCTION, same) : shorter;
    })
    .join('\n');
}

const mtime = (path) => statSync(path).mtimeMs;

/** True when a source file, or a folder (a deletion touches it), is newer than the last build. */
export function isStale({ out, sources } = SHIPPED) {
  if (!existsSync(`${out}/main.js`)) return true;
  const builtAt = mtime(`${out}/main.js`);
  const isNewer = (path) => mtime(path) > builtAt;
  if ([`${ROOT}.swcrc`, `${ROOT}package-lock.json`, fileURLToPath(import.meta.url), ...sources].some(isNewer))
    return true;
  return sources
    .filter((path) => statSync(path).isDirectory())
    .some((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((path) => isNewer(`${folder}/${path}`)),
    );
}

/** Builds beside the folder and swaps at the end, so that an instance already running never loads half a build. */
export async function build({ out, entries } = SHIPPED) {
  const fresh = `${out}.${process.pid}`;
  const previous = `${fresh}.previous`;
  try {
    const { outputFiles } = await bundle({
      absWorkingDir: ROOT,
      entryPoints: entries,
      outdir: fresh,
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      external: EXTERNAL,
      alias: MODULES,
      plugins: [swc, packagesWithoutMap],
      write: false,
      // Names reach people: of classes in logs, of functions in stack traces.
      keepNames: true,
      sourcemap: true,
      sourcesContent: false,
      logLevel: 'warning',
      // Packages of the old kind ask for Node's modules by `require`.
      banner: {
        js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url); const __same = (made) => made;`,
      },
    });
    for (const { path, text } of outputFiles) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, path.endsWith('.js') ? withoutInnerNames(text) : text);
    }
    if (existsSync(out)) renameSync(out, previous);
    renameSync(fresh, out);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(previous, { recursive: true, force: true });
  }
}

if (import.meta.main) await build();
