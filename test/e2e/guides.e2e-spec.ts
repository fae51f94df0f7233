import { codeSentTo } from '../support/codes.js';
import { theOwner } from '../support/factories.js';
import { callOf, linesOf, type GuideCall } from '../support/guide-calls.js';
import { aGuestBooking, aPaidService } from '../support/paying.js';
import { at } from '../support/portal.js';
import { bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { OWNER_PASSWORD, TestApp, type Answer } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const FILES: Readonly<Record<string, string>> = {
  'customers.csv': 'name,phone\nGrace Hopper,+14155550177\n',
};

type Variables = Record<string, string>;
/** What a reader reads off an answer, or looks up before a call. */
type Reader = Readonly<Record<string, (variables: Variables, answer?: Answer) => Promise<void> | void>>;

describe('what the guides tell people to type', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let variables: Variables;
  beforeAll(async () => {
    app = await TestApp.start({ calendar: true });
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app);
    const owner = await theOwner(app);
    variables = { URL: 'https://host', LAWREI: 'https://host', TOKEN: owner, PASSPHRASE: OWNER_PASSWORD };
  });
  afterAll(() => app.stop());

  const heldBooking = async (start: string) => {
    const { id, token } = await aGuestBooking(app, await aPaidService(app), start);
    await app.as(token).post(`/api/bookings/${id}/payment`);
    return id;
  };
  const before: Reader = {
    '/sandbox/calendar/move': async (known) => {
      await app.timeIs(FRIDAY_9);
      await bookAsGuest(app, salon, at(6, '10:00'), {});
      await app.effectsDone();
      known['EVENT'] = (await app.sandbox.state()).events.at(-1)?.id ?? '';
    },
    '/sandbox/stripe/pay': async (known) => {
      known['BOOKING'] ??= await heldBooking(at(6, '14:00'));
      known['OTHER'] ??= await heldBooking(at(6, '15:00'));
    },
  };
  const after: Reader = {
    '/admin/staff': (known, answer) => void (known['STAFF'] = String(answer?.body.id)),
    '/admin/services': (known, answer) => void (known['SERVICE'] = String(answer?.body.id)),
    '/api/auth/code': async (known, answer) => {
      known['CHALLENGE'] = String(answer?.body.challengeId);
      known['CODE'] = await codeSentTo(app, '+15005550100');
    },
  };
  const ask = ({ method, url, headers, body, file }: GuideCall) => {
    const content = file === null ? body : FILES[file];
    return app.request(method, pathOf(url), { headers, ...(content === null ? {} : { body: content }) });
  };

  it.each(['api.md', 'customers.md', 'messages.md', 'moving.md', 'sandbox.md'])(
    'works, in %s, and is answered as they say',
    async (guide) => {
      const lines = linesOf(guide);
      expect(lines.length).toBeGreaterThan(0);
      for (const { line, status } of lines) {
        await before[pathIn(line)]?.(variables);
        const answer = await ask(callOf(line, variables));
        const isAsSaid = status === null ? answer.status < 300 : answer.status === status;
        expect(isAsSaid ? line : `${line}\n${answer.status} ${answer.text}`).toBe(line);
        await after[pathIn(line)]?.(variables, answer);
      }
    },
  );
});

const pathOf = (url: string) => url.replace(/^(https:\/\/host|localhost:3000)/, '');
/** The path of a call that is still words. */
const pathIn = (line: string) => /(?:\$\w+|localhost:3000)(\/[\w/-]+)(?=["'\s?]|$)/.exec(line)?.[1] ?? '';
