import { bounceOf } from './bounce.js';

const ID = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';
const OURS = `<${ID}@salon.example>`;

function reportOf(fields: string, returned: string, returnedType = 'text/rfc822-headers'): Buffer {
  return Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example',
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      ...['', '--b', 'Content-Type: text/plain', '', 'Sorry.'],
      ...[
        '',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example',
        '',
        fields,
      ],
      ...['', '--b', `Content-Type: ${returnedType}`, '', returned],
      ...['', '--b--', ''],
    ].join('\r\n'),
  );
}

const failed = (diagnosis: string) =>
  ['Final-Recipient: rfc822; ada@example.com', 'Action: failed', 'Status: 5.1.1', diagnosis].join('\r\n');

describe('a mail that comes back', () => {
  it.each([
    ['headers alone', 'text/rfc822-headers', `Message-ID: ${OURS}\r\nSubject: Confirmed`],
    ['the whole mail', 'message/rfc822', `Subject: Confirmed\r\nmessage-id:\r\n ${OURS}\r\n\r\nHi Ada,`],
  ])('names our message, returned with %s', async (_, type, returned) => {
    const mail = reportOf(failed('Diagnostic-Code: smtp; 550 5.1.1 No such user'), returned, type);
    expect(await bounceOf(mail)).toEqual({ messageId: ID, providerId: OURS, code: 550 });
  });

  it('may not say what was answered', async () => {
    const mail = reportOf(failed('Remote-MTA: dns; mx.example'), `Message-ID: ${OURS}`);
    expect(await bounceOf(mail)).toMatchObject({ messageId: ID, code: null });
  });

  it.each([
    ['a delay', reportOf('Action: delayed\r\nStatus: 4.4.1', `Message-ID: ${OURS}`)],
    ['a delivery', reportOf('Action: delivered\r\nStatus: 2.0.0', `Message-ID: ${OURS}`)],
    ['somebody else’s mail', reportOf(failed(''), 'Message-ID: <123@elsewhere.example>')],
    ['a report that returns nothing', reportOf(failed(''), '')],
    ['an answer of an absent person', Buffer.from('Subject: Out of office\r\n\r\nBack on Monday.')],
    ['nothing', Buffer.alloc(0)],
    ['noise', Buffer.from([0, 255, 13, 10, 45, 45, 254])],
  ])('is none of ours: %s', async (_, mail) => {
    expect(await bounceOf(mail)).toBeNull();
  });
});
