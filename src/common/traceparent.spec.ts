import { traceIdOf } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

describe('the trace a request belongs to', () => {
  it('is read from a valid traceparent', () => {
    expect(traceIdOf(`00-${TRACE}-${PARENT}-01`)).toBe(TRACE);
    expect(traceIdOf(`00-${TRACE}-${PARENT}-00`)).toBe(TRACE);
  });

  it('is read from a later version too, which may say more', () => {
    expect(traceIdOf(`01-${TRACE}-${PARENT}-01`)).toBe(TRACE);
    expect(traceIdOf(`cc-${TRACE}-${PARENT}-01-what-the-future-brings`)).toBe(TRACE);
  });

  it.each([
    ['nothing', undefined],
    ['two headers', [`00-${TRACE}-${PARENT}-01`, `00-${TRACE}-${PARENT}-01`]],
    ['two headers in one', `00-${TRACE}-${PARENT}-01, 00-${TRACE}-${PARENT}-01`],
    ['an empty text', ''],
    ['capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['a parent of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${TRACE}-${PARENT}-01`],
    ['more than version 00 has', `00-${TRACE}-${PARENT}-01-more`],
    ['a missing flag', `00-${TRACE}-${PARENT}`],
    ['a short trace', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['spaces around it', ` 00-${TRACE}-${PARENT}-01`],
    ['a line break after it', `00-${TRACE}-${PARENT}-01\n`],
    ['a later version without its separator', `01-${TRACE}-${PARENT}-01more`],
  ])('is unknown when the header is %s', (_what, header) => {
    expect(traceIdOf(header)).toBeNull();
  });
});
