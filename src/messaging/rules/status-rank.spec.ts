import * as fc from 'fast-check';
import { advances, isFinalState, MESSAGE_STATES, stateAfter, type MessageState } from './status-rank.js';

const CALLBACKS = ['queued', 'accepted', 'sending', 'sent', 'delivered', 'undelivered', 'failed'] as const;
const STARTS = ['submitting', 'unknown', 'accepted'] as const;
const FAILURES: readonly MessageState[] = ['failed', 'undelivered'];

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [first, ...rest]),
  );
}

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((first, index) =>
    subsets(items.slice(index + 1), size - 1).map((rest) => [first, ...rest]),
  );
}

const endOf = (start: MessageState, news: readonly MessageState[]): MessageState =>
  news.reduce(stateAfter, start);
const hasOneFailureAtMost = (news: readonly MessageState[]): boolean =>
  news.filter((state) => FAILURES.includes(state)).length < 2;

describe('status callbacks', () => {
  it.each(
    subsets(CALLBACKS, 5)
      .filter(hasOneFailureAtMost)
      .map((news) => [news]),
  )('of %j end the same in every order, with every one of them repeated anywhere', (news) => {
    for (const start of STARTS) {
      const ends = new Set<MessageState>();
      for (const order of permutations(news)) {
        ends.add(endOf(start, order));
        ends.add(endOf(start, [...order, ...order]));
        ends.add(endOf(start, [...order, ...order.toReversed()]));
        order.forEach((repeated, index) =>
          ends.add(endOf(start, order.toSpliced(index, 0, repeated, repeated))),
        );
      }
      expect([...ends]).toHaveLength(1);
    }
  });

  it.each([
    [['queued', 'accepted', 'sending', 'sent', 'delivered'], 'delivered'],
    [['queued', 'accepted', 'sending', 'sent', 'undelivered'], 'undelivered'],
    [['queued', 'accepted', 'sending', 'sent', 'failed'], 'failed'],
    [['queued', 'sending', 'sent', 'undelivered', 'delivered'], 'delivered'],
  ] as const)('%j end as %s in all 120 orders', (news, end) => {
    expect(new Set(permutations(news).map((order) => endOf('submitting', order)))).toEqual(new Set([end]));
  });

  it('in any number and order end as the furthest one', () => {
    const news = fc.array(fc.constantFrom(...CALLBACKS), { maxLength: 20 }).filter((list) => {
      return hasOneFailureAtMost([...new Set(list)]);
    });
    fc.assert(
      fc.property(news, fc.constantFrom(...STARTS), (list, start) => {
        const furthest = [...CALLBACKS]
          .toReversed()
          .find((state) => list.includes(state) && advances(start, state));
        const expected = list.includes('delivered') ? 'delivered' : (furthest ?? start);
        expect(endOf(start, list)).toBe(expected);
      }),
    );
  });

  it('that came before our own bookkeeping are kept', () => {
    expect(endOf('submitting', ['delivered', 'accepted'])).toBe('delivered');
    expect(endOf('submitting', ['sent', 'queued', 'unknown'])).toBe('sent');
  });

  it('that contradict each other, as no provider does, leave the first failure standing', () => {
    expect(endOf('sent', ['failed', 'undelivered'])).toBe('failed');
    expect(endOf('sent', ['undelivered', 'failed'])).toBe('undelivered');
    expect(endOf('sent', ['undelivered', 'failed', 'delivered'])).toBe('delivered');
  });
});

describe('a message', () => {
  it('never goes back, and news it already has changes nothing', () => {
    for (const state of MESSAGE_STATES) {
      expect(advances(state, state)).toBe(false);
      expect(advances(state, 'planned')).toBe(false);
      expect(advances('delivered', state)).toBe(false);
    }
  });

  it('that ended stays ended, but for proof that it was delivered', () => {
    for (const from of MESSAGE_STATES.filter((state) => isFinalState(state) && state !== 'delivered')) {
      expect(MESSAGE_STATES.filter((to) => advances(from, to))).toEqual(['delivered']);
    }
  });

  it.each([
    ['planned', 'superseded', true],
    ['unknown', 'superseded', true],
    ['sent', 'superseded', true],
    ['submitting', 'superseded', false],
    ['planned', 'expired', true],
    ['unknown', 'expired', true],
    ['submitting', 'expired', false],
    ['queued', 'expired', false],
    ['planned', 'cancelled', true],
    ['sent', 'cancelled', false],
    ['planned', 'submitting', true],
    ['submitting', 'unknown', true],
    ['unknown', 'submitting', false],
    ['unknown', 'queued', true],
    ['sending', 'accepted', false],
    ['submitting', 'failed', true],
  ] as const)('at %s and then %s: %s', (from, to, moves) => {
    expect(advances(from, to)).toBe(moves);
  });

  it('is open until it ends', () => {
    expect(MESSAGE_STATES.filter(isFinalState)).toEqual([
      'delivered',
      'undelivered',
      'failed',
      'superseded',
      'expired',
      'cancelled',
    ]);
  });
});
