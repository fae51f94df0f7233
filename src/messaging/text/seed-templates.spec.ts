import { TEMPLATE_NAMES, templateNameFor, type WordingFacts } from './families.js';
import { SEED_TEMPLATES } from './seed-templates.js';
import { parseTemplate, render } from './template.js';
import { variablesFor, type TemplateValues } from './variables.js';

const VALUES = {
  name: 'Ada Lovelace',
  firstName: 'Ada',
  service: 'Haircut',
  staff: 'Grace',
  date: 'Monday, March 4',
  time: '9:00 AM',
  endTime: '10:00 AM',
  amount: { amount: 8500, currency: 'USD' },
  balance: { amount: 8500, currency: 'USD' },
  refund: { amount: 8500, currency: 'USD' },
  holdUntil: '9:10 AM',
  alternatives: 'Monday, March 4 at 9:30 AM, 10:00 AM, 10:30 AM',
  manageUrl: 'https://lawrei.example/m/abc',
  business: 'Lawrei Beauty',
  code: '042117',
} satisfies TemplateValues;

const seedOf = (key: string) => {
  const seed = SEED_TEMPLATES.find((candidate) => candidate.key === key);
  if (!seed) throw new Error(`no seed ${key}`);
  return seed;
};
const text = (key: string, values: TemplateValues = VALUES): string =>
  render(parseTemplate(seedOf(key).body), values);
/** The mission's own sentences, filled the plain way, to compare with byte for byte. */
const mission = (sentence: string): string =>
  sentence
    .replace('{name}', VALUES.name)
    .replace('{service}', VALUES.service)
    .replace('{date}', VALUES.date)
    .replace('{time}', VALUES.time)
    .replace('{amount}', '85.00');

describe('the text messages of the mission', () => {
  it.each([
    [
      'sms.booking_confirmed.en',
      'Hi {name}! Your appointment for {service} is confirmed for {date} at {time}. See you soon! - Lawrei Beauty',
    ],
    [
      'sms.booking_reminder.en',
      'Reminder: Your {service} appointment is tomorrow at {time}. Please arrive 10 minutes early. - Lawrei Beauty',
    ],
    [
      'sms.payment_settled.en',
      'Payment confirmed! Your {service} appointment is fully paid. Amount: ${amount}. See you on {date}. - Lawrei Beauty',
    ],
  ])('%s is sent word for word', (key, sentence) => {
    expect(seedOf(key).body.replace('{business}', 'Lawrei Beauty')).toBe(sentence);
    expect(text(key)).toBe(mission(sentence));
  });

  it('the payment text names the currency that was paid', () => {
    const paid = (currency: string, amount: number) =>
      text('sms.payment_settled.en', { ...VALUES, amount: { amount, currency } });
    expect(paid('EUR', 8500)).toContain('Amount: €85.00. See');
    expect(paid('JPY', 500)).toContain('Amount: ¥500. See');
  });

  it('are signed with the salon’s own name when it has another', () => {
    expect(text('sms.booking_confirmed.en', { ...VALUES, business: 'Chez Grace' })).toMatch(/- Chez Grace$/);
  });
});

describe('the words shipped', () => {
  it.each([
    ['sms.booking_reminder_today.en', 'Your Haircut appointment is today at 9:00 AM.'],
    ['sms.booking_reminder_date.en', 'Your Haircut appointment is on Monday, March 4 at 9:00 AM.'],
    ['sms.booking_rescheduled.en', 'has moved to Monday, March 4 at 9:00 AM'],
    ['sms.booking_cancelled.en', 'on Monday, March 4 at 9:00 AM is cancelled. - Lawrei Beauty'],
    ['sms.booking_cancelled_refund.en', 'We are refunding $85.00 to you.'],
    ['sms.welcome.en', 'Reply HELP for help, STOP to end texts.'],
    [
      'email.booking_held.en',
      'It is confirmed once $85.00 is paid. Your booking: https://lawrei.example/m/abc',
    ],
    ['email.booking_held.en', 'for you until 9:10 AM.'],
    ['email.booking_confirmed_balance.en', 'You have paid $85.00; $85.00 is left to pay.'],
    ['email.booking_cancelled_refund.en', 'We are refunding $85.00 to you. It goes back the way you paid;'],
    ['email.payment_settled.en', 'Your Haircut appointment is fully paid. Amount: $85.00.'],
    ['email.payment_late.en', 'was no longer held for you when your payment arrived.'],
    [
      'email.payment_late_alternatives.en',
      'Free at the moment: Monday, March 4 at 9:30 AM, 10:00 AM, 10:30 AM.',
    ],
    ['email.payment_late_cancelled.en', 'was cancelled before your payment arrived.'],
    ['email.refund_succeeded.en', 'We have refunded $85.00 for Haircut on Monday, March 4.'],
    ['email.refund_failed.en', 'Your money is not lost.'],
    [
      'email.staff_payment_task.en',
      'A refund of $85.00 for Haircut on Monday, March 4 at 9:00 AM did not go',
    ],
    ['email.staff_booking_new.en', 'Customer: Ada Lovelace'],
  ])('%s says "%s"', (key, words) => {
    expect(text(key)).toContain(words);
  });

  it('exist for every kind of message on the channels it uses, once', () => {
    const keys = SEED_TEMPLATES.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const emailOnly = ['booking_held', 'booking_confirmed_balance', 'refund_succeeded', 'refund_failed'];
    const expected = TEMPLATE_NAMES.flatMap((name) => [
      `email.${name}.en`,
      ...(emailOnly.includes(name) || (name.startsWith('staff_') && name !== 'staff_calendar_broken')
        ? []
        : [`sms.${name}.en`]),
    ]);
    expect(keys.sort()).toEqual(expected.sort());
  });

  it.each(SEED_TEMPLATES)('$key uses known variables only, is signed, and renders whole', (seed) => {
    const allowed = variablesFor(seed.name);
    const body = render(parseTemplate(seed.body, allowed), VALUES);
    expect(body).toMatch(/- Lawrei Beauty$/);
    expect(seed.subject === null).toBe(seed.channel === 'sms');
    if (seed.subject === null) return;
    expect(render(parseTemplate(seed.subject, allowed), VALUES)).not.toMatch(/[\n{}]/);
  });

  it.each(SEED_TEMPLATES.filter(({ channel }) => channel === 'sms'))(
    '$key is one cheap text message of plain letters, without a link',
    ({ key, body }) => {
      expect(text(key)).toMatch(/^[ -~]{1,160}$/);
      expect(body).not.toContain('{manageUrl}');
    },
  );

  it.each(SEED_TEMPLATES.filter(({ channel }) => channel === 'email'))(
    '$key carries the customer’s link, unless it goes to staff or there is no booking to look after',
    ({ name, body }) => {
      const isWithout = /^(welcome|staff_|payment_late|refund_|one_time_code|contact_|erasure_)/.test(name);
      expect(body.includes('{manageUrl}')).toBe(!isWithout);
    },
  );
});

describe('the variables', () => {
  it.each([
    ['booking_held', ['holdUntil', 'manageUrl']],
    ['booking_confirmed', ['manageUrl']],
    ['booking_cancelled_refund', ['refund', 'manageUrl']],
    ['payment_late', ['refund', 'manageUrl']],
    ['payment_late_alternatives', ['refund', 'manageUrl', 'alternatives']],
    ['staff_payment_task', ['refund']],
    ['staff_booking_new', []],
    ['welcome', []],
  ] as const)('of %s that not every template has: %j', (name, expected) => {
    const special = variablesFor(name).filter((variable) =>
      ['refund', 'manageUrl', 'holdUntil', 'alternatives'].includes(variable),
    );
    expect(special.toSorted()).toEqual([...expected].sort());
  });
});

describe('the wording', () => {
  const FACTS: WordingFacts = {
    day: null,
    hasRefund: false,
    hasBalance: false,
    isCancelled: false,
    hasAlternatives: false,
  };

  it.each([
    ['tomorrow', 'booking_reminder'],
    ['today', 'booking_reminder_today'],
    [null, 'booking_reminder_date'],
  ] as const)('of a reminder for %s is the true one', (day, name) => {
    expect(templateNameFor('sms', 'booking_reminder', { ...FACTS, day })).toBe(name);
  });

  it('of a cancellation mentions money only when some goes back', () => {
    const facts = { ...FACTS, hasRefund: true };
    expect(templateNameFor('sms', 'booking_cancelled', facts)).toBe('booking_cancelled_refund');
    expect(templateNameFor('sms', 'booking_cancelled', FACTS)).toBe('booking_cancelled');
  });

  it('of a confirmation names what is left to pay, in the e-mail alone', () => {
    const facts = { ...FACTS, hasBalance: true };
    expect(templateNameFor('email', 'booking_confirmed', facts)).toBe('booking_confirmed_balance');
    expect(templateNameFor('sms', 'booking_confirmed', facts)).toBe('booking_confirmed');
    expect(templateNameFor('email', 'booking_confirmed', FACTS)).toBe('booking_confirmed');
  });

  it('of an apology for late money offers other times where there are some, and none after a cancellation', () => {
    const nameFor = (facts: Partial<WordingFacts>) =>
      templateNameFor('sms', 'payment_late', { ...FACTS, ...facts });
    expect(nameFor({})).toBe('payment_late');
    expect(nameFor({ hasAlternatives: true })).toBe('payment_late_alternatives');
    expect(nameFor({ hasAlternatives: true, isCancelled: true })).toBe('payment_late_cancelled');
  });

  it('of everything else never varies', () => {
    const facts = {
      day: 'today',
      hasRefund: true,
      hasBalance: true,
      isCancelled: true,
      hasAlternatives: true,
    };
    expect(templateNameFor('email', 'welcome', { ...facts, day: 'today' })).toBe('welcome');
  });
});
