import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { createAdapter, setUp } from './app.setup.js';
import type { Config } from './config/config.js';
import { prepareDatabase } from './database/database.boot.js';
import { ENTITIES } from './entities.js';
import { Closing } from './operations/closing.js';
import { prepareSandbox } from './sandbox/sandbox.boot.js';

/** A running application and how to end it. */
export interface Running {
  app: NestFastifyApplication;
  url: string;
  stop(): Promise<void>;
}

/** Brings up everything the configuration asks for, in order: database, schema, application, socket. */
export async function boot(given: Config, say: (line: string) => void): Promise<Running> {
  const database = await prepareDatabase(given, ENTITIES, say);
  const ending: (() => Promise<void>)[] = [() => database.stop()];
  const end = async () => {
    for (const stop of ending.toReversed()) await stop();
  };
  try {
    const sandbox = await prepareSandbox(given);
    ending.push(() => sandbox.stop());
    const app = await createApp(sandbox.config, database.appUrl);
    ending.push(() => app.close());
    await app.listen(given.port, given.host);
    ending.push(() => app.get(Closing).announce());
    return { app, url: await app.getUrl(), stop: end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The application on a migrated database, ready to listen or to be called in process. */
export async function createApp(config: Config, databaseUrl: string): Promise<NestFastifyApplication> {
  const adapter = createAdapter(config);
  const root = AppModule.of(config, databaseUrl, ...(await wireOf(config)));
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    rawBody: true,
    // What Nest tells of its own start would bury the one passphrase that is shown once.
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  try {
    await setUp(app, config);
    await app.init();
  } catch (error) {
    await app.close();
    throw error;
  }
  app.useLogger(app.get(Logger));
  return app;
}

/** Bull is loaded only where there is Redis for it: it costs a fifth of a second. */
async function wireOf({ redisUrl }: Config): Promise<DynamicModule[]> {
  if (redisUrl === null) return [];
  const { BullWireModule } = await import('./outbox/bull-wire.module.js');
  return [BullWireModule.of(redisUrl)];
}
