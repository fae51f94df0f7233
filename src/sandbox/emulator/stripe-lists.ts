import { invalid, missingResource } from './stripe-errors.js';
import type { StripeParams } from './stripe-params.js';

const DEFAULT_LIMIT = 10;
const LARGEST_LIMIT = 100;
const LATEST = 9_999_999_999;

/** What every list understands. */
export const LIST_PARAMS = ['limit', 'starting_after', 'ending_before', 'created', 'expand'] as const;

/** A page in Stripe's envelope. */
export interface StripeList<T> {
  object: 'list';
  data: T[];
  has_more: boolean;
  url: string;
}

/** One page of a list that is sorted newest first. A cursor names an object, so that newer ones neither repeat nor hide any. */
export function pageOf<T extends { id: string }>(
  newestFirst: readonly T[],
  params: StripeParams,
  url: string,
): StripeList<T> {
  const limit = params.integer('limit', 1, LARGEST_LIMIT) ?? DEFAULT_LIMIT;
  const after = params.text('starting_after');
  const before = params.text('ending_before');
  if (after !== undefined && before !== undefined) {
    throw invalid('You can only specify one of these parameters: starting_after, ending_before.');
  }
  if (before !== undefined) {
    const end = positionOf(newestFirst, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: newestFirst.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : positionOf(newestFirst, after, 'starting_after') + 1;
  const data = newestFirst.slice(start, start + limit);
  return { object: 'list', data, has_more: start + limit < newestFirst.length, url };
}

/** `created=…`, or `created[gte]=…` and its like. */
export function createdFilter(params: StripeParams): (object: { created: number }) => boolean {
  if (!params.has('created')) return () => true;
  if (!params.isObject('created')) {
    const exact = params.integer('created', 0, LATEST);
    return ({ created }) => created === exact;
  }
  const range = params.object('created')?.only('gt', 'gte', 'lt', 'lte');
  const bound = (name: string, otherwise: number) => range?.integer(name, 0, LATEST) ?? otherwise;
  const [gt, gte] = [bound('gt', -1), bound('gte', 0)];
  const [lt, lte] = [bound('lt', LATEST + 1), bound('lte', LATEST)];
  return ({ created }) => created > gt && created >= gte && created < lt && created <= lte;
}

function positionOf(objects: readonly { id: string }[], id: string, param: string): number {
  const position = objects.findIndex((object) => object.id === id);
  if (position < 0) throw missingResource('object', id, param);
  return position;
}
