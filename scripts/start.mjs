/**
 * `npm start`, `npm run worker`, `npm run lawrei`: builds when the sources are newer than dist/, then runs that way
 * in inside this very process, so signals reach it without a go-between.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  console.error(
    `Lawrei needs Node ${NEEDED}, this is ${process.version}. "npm start" brings its own after "npm ci".`,
  );
  process.exit(1);
}

// npm passes SIGTERM to the shell it started, and the shell dies without passing it on: a parent that is gone is the signal.
// Unless one has come already (Ctrl-C reaches all three): a second would cut the orderly end short.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 250).unref();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      clearInterval(watch);
      if (process.listenerCount(signal) === 0) process.exit(signal === 'SIGINT' ? 130 : 143);
    });
  }
}

const [, , entry = 'main', ...rest] = process.argv;
const { build, isStale } = await import('./build.mjs');
if (isStale()) {
  const began = performance.now();
  // Told on stderr: the command line's own output stays clean for pipes.
  process.stderr.write('Building … ');
  await build();
  process.stderr.write(`done in ${((performance.now() - began) / 1000).toFixed(1)} s.\n`);
}

const file = fileURLToPath(new URL(`../dist/${entry}.js`, import.meta.url));
process.argv = [process.argv[0], file, ...rest];
await import(pathToFileURL(file).href);
