import { checksums } from '../support/checksum.js';
import { aStaffAccount, theOwner } from '../support/factories.js';
import { openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';

const CUSTOMERS = [
  'Name;E-Mail;Phone;"Loyalty, in points";Notes',
  'Ada Lovelace;ADA@example.com;+1 415 555 2671;12;"likes ""short"" hair; tea"',
  'Grace Hopper;;+14155552672;;',
  '',
  "Alan Turing;alan@example.com;;;'=1+1",
].join('\r\n');

describe('files of another system', () => {
  let app: TestApp;
  let owner: Caller;
  let salon: OpenSalon;
  let names: { service: string; staff: string };
  beforeAll(async () => {
    app = await TestApp.start();
    await app.timeIs(FRIDAY_9);
    owner = app.as(await theOwner(app));
    salon = await openSalon(app, { paymentPolicy: 'full' });
    const [service] = await app.sql<{ name: string }>('select name from service where id = $1', [
      salon.serviceId,
    ]);
    const [staff] = await app.sql<{ name: string }>('select name from resource where id = $1', [
      salon.staffIds[0],
    ]);
    names = { service: service?.name ?? '', staff: staff?.name ?? '' };
  });
  afterAll(() => app.stop());

  const send = (what: 'customers' | 'bookings', csv: string, query = '') =>
    owner.post(`/admin/imports/${what}${query}`, csv, { 'content-type': 'text/csv' });
  const changed = async (work: () => Promise<unknown>) => {
    await app.effectsDone();
    const before = await checksums(app);
    await work();
    const after = await checksums(app);
    return Object.keys(after).filter((table) => after[table] !== before[table]);
  };
  const bookings = (lines: readonly string[]) =>
    ['customer_name,customer_phone,customer_email,service,staff,start,status,notes', ...lines].join('\n');
  const line = (start: string, person = 'Ada Lovelace,+14155552671,ada@example.com') =>
    `${person},${names.service},${names.staff.toUpperCase()},${start},,from the old book`;

  it('are tried without a trace', async () => {
    const tables = await changed(async () => {
      const { status, body } = await send('customers', CUSTOMERS, '?dryRun=true');
      expect([status, body]).toEqual([
        200,
        {
          applied: false,
          rows: 3,
          created: 3,
          skipped: 0,
          errors: [],
          ignoredColumns: ['Loyalty, in points'],
        },
      ]);
      const tried = await send('bookings', bookings([line('2030-03-05 10:00')]), '?dryRun=true');
      expect([tried.status, tried.body.applied, tried.body.created]).toEqual([200, false, 1]);
    });
    expect(tables).toEqual([]);
  });

  it('bring in customers once, however often they are sent', async () => {
    const [first, again] = [await send('customers', CUSTOMERS), await send('customers', CUSTOMERS)];
    expect([first.body.created, again.body.created, again.body.skipped]).toEqual([3, 0, 3]);
    const rows = await app.sql(
      `select name, phone, email, notes, phone_verified_at as proven from customer where name in ('Ada Lovelace', 'Grace Hopper', 'Alan Turing') order by name`,
    );
    expect(rows).toEqual([
      {
        name: 'Ada Lovelace',
        phone: '+14155552671',
        email: 'ada@example.com',
        notes: 'likes "short" hair; tea',
        proven: null,
      },
      { name: 'Alan Turing', phone: null, email: 'alan@example.com', notes: '=1+1', proven: null },
      { name: 'Grace Hopper', phone: '+14155552672', email: null, notes: null, proven: null },
    ]);
  });

  it('bring in customers once when six people send the same file at once', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `Guest ${index},+1415555${3_000 + index}`);
    const csv = ['name,phone', ...lines].join('\n');
    const answers = await Promise.all(Array.from({ length: 6 }, () => send('customers', csv)));
    expect(answers.map(({ body }) => body.created).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 30]);
  });

  it('with a line that cannot be brought in are refused whole, each fault by its line', async () => {
    const csv = 'name,phone,email\nZoe,+14155552679,\nYan,415,yan@\n,,zed@example.com\nXu,,';
    const tables = await changed(async () => {
      const { status, body } = await send('customers', csv);
      expect([status, body.code]).toEqual([422, 'validation-failed']);
      expect(body.errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`)).toEqual([
        '/rows/3/phone phone',
        '/rows/3/email email',
        '/rows/4/name required',
        '/rows/5/phone contact',
      ]);
    });
    expect(tables).toEqual([]);
  });

  it('bring in bookings with their customers: nobody is told, nothing is owed, and reminders come', async () => {
    const before = (await app.sandbox.state()).sms.length;
    const csv = bookings([
      line('2030-03-05 10:00'),
      line('2030-03-06T10:00:00-05:00'),
      line('2030-03-05 11:00', 'Kay McNulty,,kay@example.com'),
      line('2030-03-07 10:00').replace(',,from', ',cancelled,from'),
    ]);
    const { status, body } = await send('bookings', csv);
    expect([status, body.created, body.skipped]).toEqual([200, 3, 1]);
    const again = await send('bookings', csv);
    expect([again.body.created, again.body.skipped]).toEqual([0, 4]);
    await app.effectsDone();
    const made = await app.sql(
      `select c.name, b.starts_at, b.status, b.source, b.payment_waived from booking b join customer c on c.id = b.customer_id
        where b.source = 'import' order by b.starts_at, c.name`,
    );
    const booked = { status: 'confirmed', source: 'import', payment_waived: true };
    expect(made).toEqual([
      { name: 'Ada Lovelace', starts_at: new Date('2030-03-05T15:00:00Z'), ...booked },
      { name: 'Kay McNulty', starts_at: new Date('2030-03-05T16:00:00Z'), ...booked },
      { name: 'Ada Lovelace', starts_at: new Date('2030-03-06T15:00:00Z'), ...booked },
    ]);
    expect(await app.sql(`select count(*)::int as n from customer where name = 'Ada Lovelace'`)).toEqual([
      { n: 1 },
    ]);
    const planned = await app.sql(
      `select family, channel, count(*)::int as n from message where booking_id in (select id from booking where source = 'import') group by 1, 2 order by 2`,
    );
    expect(planned).toEqual([
      { family: 'booking_reminder', channel: 'email', n: 1 },
      { family: 'booking_reminder', channel: 'sms', n: 2 },
    ]);
    expect((await app.sandbox.state()).sms).toHaveLength(before);
  });

  it('never bring in what collides, not even with a line above; and know neither unknown names nor hours that no clock showed', async () => {
    const csv = bookings([
      line('2030-03-08 10:00', 'Jean Bartik,+14155552673,'),
      line('2030-03-08 10:15', 'Betty Holberton,+14155552674,'),
      line('2030-03-05 10:00', 'Betty Holberton,+14155552674,'),
      line('2030-03-10 02:30', 'Betty Holberton,+14155552674,'),
      line('tomorrow', 'Betty Holberton,+14155552674,'),
      line('2030-03-08 12:00', 'Betty Holberton,+14155552674,').replace(names.service, 'Moustache'),
      line('2030-03-08 13:00', 'Betty Holberton,+14155552674,').replace(',,from', ',Booked,from'),
    ]);
    const tables = await changed(async () => {
      const { status, body } = await send('bookings', csv);
      expect(status).toBe(422);
      expect(body.errors.map(({ pointer, code }: Record<string, string>) => `${pointer} ${code}`)).toEqual([
        '/rows/3 slot-unavailable',
        '/rows/4 slot-unavailable',
        '/rows/5/start instant',
        '/rows/6/start instant',
        '/rows/7/service unknown',
        '/rows/8/status one-of',
      ]);
    });
    expect(tables).toEqual([]);
  });

  it('may be much longer than any other request, as a file or in JSON', async () => {
    const notes = 'n'.repeat(3_000);
    const lines = Array.from({ length: 40 }, (_, index) => `Long ${index},+1415556${3_000 + index},${notes}`);
    const csv = ['name,phone,notes', ...lines].join('\n');
    for (const { status, body } of [
      await send('customers', csv, '?dryRun=true'),
      await owner.post('/admin/imports/customers?dryRun=true', { csv }),
    ])
      expect([status, body.created]).toEqual([200, 40]);
  });

  it('that are none are refused in words', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['name,phone\nAda,"+1415', '/csv csv'],
      ['who,phone\nAda,+14155552671', '/csv column'],
      ['name,phone,Phone\nAda,+14155552671,+14155552672', '/csv column'],
      [`name,phone\n${'Ada,+14155552671\n'.repeat(2_001)}`, '/csv too-long'],
    ];
    for (const [csv, fault] of cases) {
      const { status, body } = await send('customers', csv);
      const [error] = body.errors;
      expect([status, `${error.pointer} ${error.code}`]).toEqual([422, fault]);
    }
    const elsewhere = await owner.post('/admin/customers', 'name\nAda', {
      'content-type': 'text/csv',
    });
    expect([elsewhere.status, elsewhere.body.code]).toEqual([415, 'unsupported-media-type']);
    const latin = await owner.post('/admin/imports/customers', Buffer.from('name\nZo\xeb', 'latin1'), {
      'content-type': 'text/csv',
    });
    expect([latin.status, latin.body.code]).toEqual([400, 'malformed']);
  });

  it('are the owner’s to bring in and to take along', async () => {
    const manager = app.as((await aStaffAccount(app, { role: 'manager' })).token);
    for (const path of ['/admin/exports/customers', '/admin/exports/bookings'])
      expect((await manager.get(path)).status).toBe(403);
    for (const path of ['/admin/imports/customers', '/admin/imports/bookings'])
      expect((await manager.post(path, { csv: 'name' })).status).toBe(403);
  });

  it('that are taken along can be brought in again, and hold no formula for a spreadsheet', async () => {
    await app.sql(
      `insert into customer (id, name, phone, created_at) values (gen_random_uuid(), '=cmd()', '+14155552680', now())`,
    );
    const customers = await owner.get('/admin/exports/customers');
    expect([customers.status, customers.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(customers.headers['content-disposition']).toBe('attachment; filename="customers.csv"');
    const [header = '', ...lines] = customers.text.trimEnd().split('\r\n');
    expect(header).toBe(
      'id,name,phone,email,phoneVerified,emailVerified,timeZone,locale,birthday,notes,createdAt',
    );
    const [{ n } = { n: 0 }] = await app.sql<{ n: number }>('select count(*)::int as n from customer');
    expect(lines).toHaveLength(n);
    expect(customers.text).toContain(`'=cmd(),'+14155552680`);
    const people = await send('customers', customers.text);
    expect([people.status, people.body.created, people.body.skipped]).toEqual([200, 0, n]);

    const all = await owner.get('/admin/exports/bookings');
    const some = await owner.get('/admin/exports/bookings?from=2030-03-06&to=2030-03-06');
    expect(all.text.trimEnd().split('\r\n')).toHaveLength(4);
    expect(some.text.trimEnd().split('\r\n')).toHaveLength(2);
    expect(some.text).toContain('2030-03-06T10:00:00-05:00');
    const visits = await send('bookings', all.text);
    expect([visits.status, visits.body.created, visits.body.skipped]).toEqual([200, 0, 3]);
    expect(await owner.get('/admin/exports/bookings?from=2030-03-06&to=2030-03-05')).toMatchObject({
      status: 422,
    });
  });
});
