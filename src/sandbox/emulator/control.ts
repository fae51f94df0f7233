import type { FaultDesk } from './fault-desk.js';
import { parseFaultRules } from './faults.js';
import type { HttpAnswer, HttpCall } from './http-call.js';
import type { Journal } from './journal.js';
import type { ControlHandler, Provider, StateFilter } from './provider.js';
import type { SandboxSettings } from './settings.js';

/** What the control routes steer. */
export interface Controlled {
  journal: Journal;
  settings: SandboxSettings;
  desk: FaultDesk;
  providers: readonly Provider[];
  /** What `/__health` answers. */
  health: () => Record<string, unknown>;
  shutdown: () => void;
}

/** The sandbox's own routes, all below `/__`: what was sent, what shall go wrong, and what the providers add. */
export function controlRoutes(parts: Controlled): Record<string, ControlHandler> {
  const { journal, settings, desk, providers } = parts;
  const faults = () => ({ rules: desk.rules.list(), held: desk.held.count });
  return {
    'GET /__health': () => ok(parts.health()),
    'GET /__state': (call) => ok(stateOf(parts, filterOf(call.query))),
    'DELETE /__state': () => {
      for (const provider of providers) provider.reset();
      journal.truncate();
      settings.write();
      return { status: 204 };
    },
    'GET /__log': (call) => {
      const { text, next } = journal.read(wholeNumber(call.query.get('from')));
      return { status: 200, text, headers: { 'x-next-offset': String(next) } };
    },
    'GET /__faults': () => ok(faults()),
    'POST /__faults': (call) => {
      desk.rules.replace(parseFaultRules(JSON.parse(call.body)));
      return ok(faults());
    },
    'DELETE /__faults': () => {
      desk.clear();
      return { status: 204 };
    },
    'POST /__release': () => ok({ released: desk.held.releaseAll() }),
    'POST /__config': (call) => {
      settings.update(JSON.parse(call.body));
      return ok({ publicUrl: settings.publicUrl, stepMs: settings.stepMs });
    },
    'POST /__shutdown': () => {
      // Later, so that the caller still gets this answer.
      setImmediate(parts.shutdown);
      return { status: 202, headers: { connection: 'close' } };
    },
    ...Object.assign({}, ...providers.map((provider) => provider.controls)),
  };
}

/**
 * Answers a control call. Browsers always say where a request comes from; none of them has business here, and a web page
 * must not be able to drive a sandbox on the visitor's machine.
 */
export async function control(routes: Record<string, ControlHandler>, call: HttpCall): Promise<HttpAnswer> {
  const host = (call.headers.host ?? '').replace(/:\d+$/, '');
  if (call.headers.origin !== undefined || !['127.0.0.1', 'localhost'].includes(host)) {
    return { status: 403, json: { error: 'only for programs on this machine' } };
  }
  const route = `${call.method} ${call.path}`;
  const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (!handler) return { status: 404, json: { error: `no such control: ${route}` } };
  try {
    return await handler(call);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) {
      return { status: 400, json: { error: error.message } };
    }
    throw error;
  }
}

function stateOf({ providers, journal }: Controlled, filter: StateFilter): Record<string, unknown> {
  const parts = providers.map((provider) => provider.snapshot(filter));
  return Object.assign({ seq: journal.lastSeq }, ...parts);
}

function filterOf(query: URLSearchParams): StateFilter {
  const to = query.get('to');
  return { since: wholeNumber(query.get('since')), ...(to === null ? {} : { to }) };
}

function wholeNumber(text: string | null): number {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function ok(json: unknown): HttpAnswer {
  return { status: 200, json };
}
