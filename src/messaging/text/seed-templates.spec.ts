import { TEMPLATE_NAMES, templateNameFor } from './families.js';
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
  manageUrl: 'https://lawrei.example/m/abc',
  business: 'Lawrei Beauty',
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
    ['email.booking_cancelled_refund.en', 'We are refunding $85.00 to the card you paid with.'],
    ['email.staff_booking_new.en', 'Customer: Ada Lovelace'],
  ])('%s says "%s"', (key, words) => {
    expect(text(key)).toContain(words);
  });

  it('exist for every kind of message on the channels it uses, once', () => {
    const keys = SEED_TEMPLATES.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    const emailOnly = ['booking_held', 'staff_booking_new', 'staff_booking_moved', 'staff_booking_cancelled'];
    const expected = TEMPLATE_NAMES.flatMap((name) => [
      `email.${name}.en`,
      ...(emailOnly.includes(name) ? [] : [`sms.${name}.en`]),
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
    '$key carries the customer’s link, unless it goes to staff or is about no booking',
    ({ name, body }) => {
      expect(body.includes('{manageUrl}')).toBe(name !== 'welcome' && !name.startsWith('staff_'));
    },
  );
});

describe('the wording', () => {
  it.each([
    ['tomorrow', 'booking_reminder'],
    ['today', 'booking_reminder_today'],
    [null, 'booking_reminder_date'],
  ] as const)('of a reminder for %s is the true one', (day, name) => {
    expect(templateNameFor('booking_reminder', { day, hasRefund: false })).toBe(name);
  });

  it('of a cancellation mentions money only when some goes back', () => {
    expect(templateNameFor('booking_cancelled', { day: null, hasRefund: true })).toBe(
      'booking_cancelled_refund',
    );
    expect(templateNameFor('booking_cancelled', { day: 'today', hasRefund: false })).toBe(
      'booking_cancelled',
    );
  });

  it('of everything else never varies', () => {
    expect(templateNameFor('welcome', { day: 'today', hasRefund: true })).toBe('welcome');
  });
});
