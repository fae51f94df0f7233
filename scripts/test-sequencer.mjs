import Sequencer from '@jest/test-sequencer';

const FIRST = ['/payment-histories.', '/campaign.', '/test/batches/e2e', '/test/batches/integration'];

/** What takes longest begins first, so that at the end no core waits for one long file. Without a cache Jest goes by file size. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = FIRST.findIndex((part) => path.includes(part));
      return found === -1 ? FIRST.length : found;
    };
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}
