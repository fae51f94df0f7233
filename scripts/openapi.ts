import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { AppModule } from '../src/app.module.js';
import { createAdapter, openApiDocument } from '../src/app.setup.js';
import { loadConfig, type Config } from '../src/config/config.js';

/*
 * npm run openapi            writes docs/openapi.json from the controllers
 * npm run openapi -- --check fails when it differs, and on an operation without name, summary or refusals
 */

const FILE = fileURLToPath(new URL('../docs/openapi.json', import.meta.url));
const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;
/** A verb phrase, chosen by hand: `cancelMyBooking`. Left out, Nest makes one up with an underscore. */
const OPERATION_ID = /^[a-z]+([A-Z][a-z0-9]*)*$/;

/** As in production: without the sandbox, whatever the environment of whoever runs this says. */
function documentedConfig(): Config {
  const config = loadConfig({});
  return {
    ...config,
    twilio: { ...config.twilio, mode: 'unconfigured' },
    smtp: { ...config.smtp, mode: 'unconfigured' },
  };
}

/** Nothing is instantiated in preview mode, so neither a database nor a socket is needed. */
async function buildDocument(): Promise<OpenAPIObject> {
  const config = documentedConfig();
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(config, 'postgresql://nobody@127.0.0.1:1/none'),
    createAdapter(config),
    { preview: true, logger: ['error'], abortOnError: false },
  );
  try {
    return openApiDocument(app);
  } finally {
    await app.close();
  }
}

/** Keys by name, so that the order of modules and decorators makes no difference; fields stay as they are declared. */
function sorted(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => sorted(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (key !== 'properties') entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item, name)]));
}

/** What is missing from the documents, one line each. */
function faults(document: OpenAPIObject): string[] {
  const owners = new Map<string, string>();
  const found: string[] = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const route = `${method.toUpperCase()} ${path}`;
      const id = operation.operationId ?? '';
      if (!OPERATION_ID.test(id))
        found.push(`${route}: give it an operationId that is a verb phrase, not "${id}"`);
      if (owners.has(id)) found.push(`${route}: operationId ${id} belongs to ${owners.get(id)}`);
      owners.set(id, route);
      if (!operation.summary) found.push(`${route}: say in a summary what it does`);
      const statuses = Object.keys(operation.responses);
      if (!statuses.some((status) => Number(status) >= 400))
        found.push(`${route}: say how it refuses (@Refuses)`);
      if (!statuses.some((status) => Number(status) < 400)) found.push(`${route}: say what it answers`);
    }
  }
  return found;
}

const document = await buildDocument();
const text = `${JSON.stringify(sorted(document), null, 2)}\n`;
const missing = faults(document);
const isCurrent = existsSync(FILE) && readFileSync(FILE, 'utf8') === text;
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exitCode = 1;
} else if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
  console.log(
    `docs/openapi.json has ${Object.keys(document.paths).length} paths${isCurrent ? ', as before' : ''}`,
  );
} else if (!isCurrent) {
  console.error(
    'docs/openapi.json is not what the controllers say: npm run openapi, and look at the difference',
  );
  process.exitCode = 1;
}
