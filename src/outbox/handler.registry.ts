import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { OUTBOX_HANDLER_METADATA, type HandlerOptions, type OutboxHandler } from './outbox.types.js';

/** Unless a handler says otherwise. */
const MOST_FAILURES = 8;

export interface RegisteredHandler extends HandlerOptions {
  readonly handler: OutboxHandler;
}

/** Who handles what. The start fails on a name used twice, so that no row can be ambiguous. */
@Injectable()
export class HandlerRegistry implements OnModuleInit, OnApplicationBootstrap {
  private readonly declared = new Set<string>();
  private readonly byName = new Map<string, RegisteredHandler>();
  private readonly byTopic = new Map<string, RegisteredHandler[]>();

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    for (const { instance, metatype } of this.discovery.getProviders()) {
      if (!metatype || !isHandler(instance)) continue;
      const options: HandlerOptions | undefined = Reflect.getMetadata(OUTBOX_HANDLER_METADATA, metatype);
      if (options) this.register({ ...options, handler: instance });
    }
  }

  /** Says which topics a module will tell of; the start fails when one of them has no handler. */
  declare(topics: readonly string[]): void {
    for (const topic of topics) this.declared.add(topic);
  }

  onApplicationBootstrap(): void {
    for (const topic of this.declared) this.of(topic);
  }

  /** Adds a handler; refuses a name that is taken. */
  register(entry: RegisteredHandler): void {
    if (this.byName.has(entry.name)) throw new Error(`two outbox handlers are named ${entry.name}`);
    this.byName.set(entry.name, entry);
    for (const topic of entry.topics) this.byTopic.set(topic, [...(this.byTopic.get(topic) ?? []), entry]);
  }

  find(name: string): RegisteredHandler | undefined {
    return this.byName.get(name);
  }

  /** Every handler of a topic; a topic nobody handles is a mistake in the program. */
  of(topic: string): readonly RegisteredHandler[] {
    const handlers = this.byTopic.get(topic);
    if (!handlers) throw new Error(`no outbox handler for topic ${topic}`);
    return handlers;
  }

  /** After how many failures a row of the handler is dead. */
  mostFailures(name: string): number {
    return this.find(name)?.maxFailures ?? MOST_FAILURES;
  }

  names(): string[] {
    return [...this.byName.keys()];
  }
}

function isHandler(instance: unknown): instance is OutboxHandler {
  return (
    typeof instance === 'object' &&
    instance !== null &&
    'handle' in instance &&
    typeof instance.handle === 'function'
  );
}
