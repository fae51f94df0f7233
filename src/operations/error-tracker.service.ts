import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ErrorEvent } from '@sentry/core';
import type { ServerRuntimeClient } from '@sentry/core/server';
import { onErrorReports, type ErrorContext } from '../common/error-reports.js';
import { withoutPersonalData } from '../common/personal-words.js';
import { Config } from '../config/config.js';

const LONGEST_MS = 3_000;
/** The place of Node's own lines among parsers of stacks. */
const NODE_LINES = 90;

/**
 * Sends errors that nobody foresaw to whatever collects them in Sentry's way (`SENTRY_DSN`): their kind, their words without what
 * looks like a person's, where in the code, and ids. Never a request, a header, a body or an address. Sending never fails anything.
 */
@Injectable()
export class ErrorTracker implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(ErrorTracker.name);
  private client: ServerRuntimeClient | null = null;

  constructor(private readonly config: Config) {}

  /** The client is loaded only where it is needed. */
  async onModuleInit(): Promise<void> {
    if (this.config.sentryDsn === null) return;
    this.client = await this.connect(this.config.sentryDsn);
    onErrorReports((error, context) => this.report(error, context));
  }

  async onApplicationShutdown(): Promise<void> {
    if (!this.client) return;
    onErrorReports(null);
    await this.client.close(LONGEST_MS);
  }

  private report(error: unknown, context: ErrorContext): void {
    this.client?.captureException(error, {
      captureContext: { tags: { ...context, role: this.config.role } },
    });
  }

  private async connect(dsn: string): Promise<ServerRuntimeClient> {
    const { createStackParser, createTransport } = await import('@sentry/core');
    const { node, ServerRuntimeClient: Client } = await import('@sentry/core/server');
    const client = new Client({
      dsn,
      environment: this.config.production ? 'production' : 'development',
      platform: 'node',
      runtime: { name: 'node', version: process.version },
      integrations: [],
      stackParser: createStackParser([NODE_LINES, node()]),
      beforeSend: scrubbed,
      transport: (options) =>
        createTransport(options, async ({ body }) => {
          const answer = await fetch(options.url, {
            method: 'POST',
            body: typeof body === 'string' ? body : Buffer.from(body),
            signal: AbortSignal.timeout(LONGEST_MS),
          });
          if (!answer.ok) this.logger.warn({ error: `the collector of errors answered ${answer.status}` });
          return { statusCode: answer.status };
        }),
    });
    client.init();
    return client;
  }
}

/** Of an event only what helps to mend the code. */
function scrubbed(event: ErrorEvent): ErrorEvent {
  for (const exception of event.exception?.values ?? []) {
    if (exception.value !== undefined) exception.value = withoutPersonalData(exception.value);
  }
  delete event.request;
  delete event.user;
  delete event.server_name;
  delete event.breadcrumbs;
  return event;
}
