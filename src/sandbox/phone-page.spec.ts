import type { EmailView } from './emulator/mailbox.js';
import type { SmsView } from './emulator/twilio-store.js';
import { PHONE_PAGE_POLICY, phonePage } from './phone-page.js';

const NOW = new Date('2030-03-03T09:00:00Z');
const text = (seq: number, change: Partial<SmsView>): SmsView => ({
  seq,
  sid: `SM${seq}`,
  to: '+15005550101',
  from: '+15005550006',
  body: 'See you soon!',
  status: 'delivered',
  errorCode: null,
  at: '2026-01-02T03:04:05.000Z',
  callbacks: [],
  ...change,
});
const nothing = {
  seq: 0,
  sms: [],
  inbound: [],
  emails: [],
  optOuts: [],
  payments: [],
  events: [],
  channels: [],
};

describe('the phone of the sandbox', () => {
  it('shows texts both ways, in order, on the phone of the customer they are with', () => {
    const page = phonePage(
      {
        ...nothing,
        sms: [
          text(1, { body: 'first' }),
          text(3, { body: 'third' }),
          text(4, { to: '+15005550102', body: 'other' }),
        ],
        inbound: [text(2, { from: '+15005550101', to: '+15005550006', body: 'second', status: 'received' })],
      },
      NOW,
    );
    expect(page.match(/<h2>[^<]+/g)).toEqual(['<h2>+15005550101', '<h2>+15005550102']);
    expect(page).toMatch(/first[\s\S]*<p class="sent">second[\s\S]*third[\s\S]*other/);
    expect(page).toContain('2030-03-03 09:00 UTC');
  });

  it('shows e-mails in the box of their recipient', () => {
    const mail: EmailView = {
      seq: 1,
      at: '2026-01-02T03:04:05.000Z',
      to: 'ada@example.com',
      from: 'salon@example.com',
      subject: 'Confirmed',
      text: 'Your haircut.',
      html: null,
      messageId: null,
      headers: {},
      attachments: [],
    };
    const page = phonePage({ ...nothing, emails: [mail] }, NOW);
    expect(page).toContain('<h2>ada@example.com</h2>');
    expect(page).toContain('<strong>Confirmed</strong>');
  });

  it('shows each calendar, its events in the order of their time', () => {
    const event = (id: string, summary: string, start: string) => ({
      ...{
        calendarId: 'salon@example.com',
        id,
        status: 'confirmed',
        etag: '"1"',
        summary,
        start,
        end: start,
      },
      ...{
        description: null,
        location: 'Main Street 1',
        timeZone: null,
        attendees: [],
        transparency: 'opaque',
      },
      private: {},
    });
    const events = [
      event('b', 'Colour', '2030-03-05T10:00:00Z'),
      event('a', 'Haircut', '2030-03-04T10:00:00Z'),
    ];
    const page = phonePage({ ...nothing, events }, NOW);
    expect(page).toMatch(/<h2>salon@example.com<\/h2>[\s\S]*Haircut[\s\S]*Main Street 1[\s\S]*Colour/);
  });

  it('says that nothing was sent yet', () =>
    expect(phonePage(nothing, NOW)).toContain('Nothing was sent yet.'));

  it('shows what a customer wrote as words, never as markup, and may run nothing', () => {
    const page = phonePage({ ...nothing, sms: [text(1, { body: '<script>alert("x")</script>' })] }, NOW);
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)');
    expect(PHONE_PAGE_POLICY).not.toContain('script');
    expect(PHONE_PAGE_POLICY).toContain("default-src 'none'");
  });
});
