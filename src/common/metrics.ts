import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

/** What this process measures, for Prometheus. Labels are few and known beforehand: never an id, an address or a name. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

/** Rate, errors and duration of every route. */
export const requestSeconds = new Histogram({
  name: 'lawrei_http_request_duration_seconds',
  help: 'From the first byte of a request to the last of its answer, by route template.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10],
  registers: [registry],
});

/** `refused` without a call while the provider is left alone. */
export const providerSeconds = new Histogram({
  name: 'lawrei_provider_call_duration_seconds',
  help: 'Calls to providers, by how they ended: ok, failed, or refused while the provider is left alone.',
  labelNames: ['provider', 'outcome'],
  buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [registry],
});

/** How the effects of the outbox end. */
export const effectsTotal = new Counter({
  name: 'lawrei_effects_total',
  help: 'Runs of effects, by handler and how they ended: done, again (tried later), dead.',
  labelNames: ['handler', 'outcome'],
  registers: [registry],
});

/** What becomes of sendings. */
export const sendingsTotal = new Counter({
  name: 'lawrei_sendings_total',
  help: 'Attempts to send a message, by channel and how the provider answered: accepted, or the kind of its refusal.',
  labelNames: ['channel', 'outcome'],
  registers: [registry],
});
