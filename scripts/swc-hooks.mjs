/**
 * Lets Node run the TypeScript of this repository without a build: `node --import ./scripts/swc-hooks.mjs src/main.ts`.
 * Node's own type stripping knows no decorators, so swc translates, with the same `.swcrc` the build uses.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { translated } from './translate.mjs';

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
