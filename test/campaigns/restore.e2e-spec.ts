import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../../src/database/database.boot.js';
import { restoreEmbedded } from '../../src/database/embedded.backup.js';
import { startEmbeddedServer, type EmbeddedServer } from '../../src/database/embedded.server.js';
import { appUrlOf, ensureDatabase } from '../../src/database/roles.js';
import { ENTITIES } from '../../src/entities.js';
import { stopSandbox, startSandbox } from '../../src/sandbox/sandbox.process.js';
import { theOwner } from '../support/factories.js';
import { aGuestBooking, aPaidService, moneyOf } from '../support/paying.js';
import { aGuestContact, openSalon, type OpenSalon } from '../support/salon.js';
import { TestApp, waitFor } from '../support/test-app.js';
import { built } from '../support/test-build.js';
import { asOwner, leave, testHome } from '../support/test-database.js';
import { FRIDAY_9 } from '../support/texting.js';

/** Monday noon in New York, when the reminders of Tuesday morning are due. */
const MONDAY_NOON = '2030-03-04T17:00:00Z';
const TUESDAY_10 = '2030-03-05T10:00:00-05:00';

describe('a database that was lost and put back from a backup', () => {
  const home = mkdtempSync(join(testHome(), 'restore-'));
  const backup = join(home, 'backup');
  let server: EmbeddedServer;
  let app: TestApp;
  let salon: OpenSalon;

  const database = () => {
    const ownerUrl = server.ownerUrl('lawrei');
    return { ownerUrl, appUrl: appUrlOf(ownerUrl, server.appPassword) };
  };
  const startApp = (role: 'all' | 'api') =>
    TestApp.start({ database: database(), env: { LAWREI_DATA_DIR: home, LAWREI_ROLE: role } });
  const command = async (...args: string[]) => {
    const child = spawn(process.execPath, ['--enable-source-maps', built('cli'), ...args], {
      env: {
        ...{ PATH: process.env['PATH'], NODE_ENV: 'test', LAWREI_DATA_DIR: home },
        PUBLIC_URL: app.config.publicUrl,
      },
    });
    let [out, printed] = ['', ''];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (out += String(data)));
    child.stdout.on('data', (data) => (printed += String(data)));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out, printed };
  };
  const book = async (contact: { phone?: string; email?: string }, start: string) => {
    const customer = { name: 'Ada Lovelace', ...contact };
    const [staffId] = salon.staffIds;
    const made = await app
      .as()
      .post('/api/bookings', { serviceId: salon.serviceId, staffId, start, customer });
    expect(made.status).toBe(201);
    return String(made.body.id);
  };
  const countTo = async (phone: string) => (await app.sandbox.state({ to: phone })).sms.length;

  beforeAll(async () => {
    server = await startEmbeddedServer(home);
    await ensureDatabase((name) => server.ownerUrl(name), 'lawrei');
    await migrate(server.ownerUrl('lawrei'), ENTITIES, server.appPassword);
    app = await startApp('all');
    await app.timeIs(FRIDAY_9);
    salon = await openSalon(app, { staff: 3 });
  }, 60_000);
  afterAll(async () => {
    await app.app.close();
    await leave(app.database);
    await stopSandbox(await startSandbox({ dataDir: home }));
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('tells nobody twice, reminds whom nobody reminded, lets nobody in by an old session, forgets again, and finds money that came since', async () => {
    const [reminded, waiting] = [aGuestContact().phone, aGuestContact().phone];
    const byMail = aGuestContact().email;
    await book({ phone: reminded }, TUESDAY_10);
    const mailed = await book({ email: byMail }, '2030-03-05T11:00:00-05:00');
    await book({ phone: waiting }, '2030-03-05T12:00:00-05:00');
    const payer = await aGuestBooking(app, await aPaidService(app), '2030-03-11T10:00:00-04:00');
    expect((await app.as(payer.token).post(`/api/bookings/${payer.id}/payment`)).status).toBe(201);
    const isConfirmed = async () => (await moneyOf(app, payer.id)).booking?.status === 'confirmed';
    const owner = await theOwner(app);
    const [forgotten] = await app.sql<{ id: string }>(
      `insert into customer (id, name, phone) values (gen_random_uuid(), 'Grace Hopper', '+14155550142') returning id`,
    );
    const nameOf = (id: string | undefined) => app.sql('select name from customer where id = $1', [id]);
    await app.effectsDone();
    await app.sweep();

    // While people go on booking.
    let isOver = false;
    const busy = (async () => {
      for (let count = 0; !isOver && count < 200; count += 1)
        await app
          .as()
          .get('/api/services')
          .then(() => app.sql('select pg_switch_wal()'));
    })();
    const backupBegan = Date.now();
    const copied = await command('backup', backup);
    isOver = true;
    await busy;
    expect(copied).toMatchObject({ code: 0 });
    expect((await command('backup', backup)).out).toContain('exists already');

    const mails = async () => (await app.sandbox.state({ to: byMail })).emails.length;
    const [toldFirst, toldOther, mailsFirst] = [
      await countTo(reminded),
      await countTo(waiting),
      await mails(),
    ];
    const toPayer = async () => {
      const { sms } = await app.sandbox.state({ to: payer.phone });
      const { emails } = await app.sandbox.state({ to: payer.email });
      return [...sms, ...emails].length;
    };
    const beforePaying = await toPayer();
    // What happens after the backup: a payment, reminders of whom one does not get theirs, somebody is forgotten.
    await app.sandbox.pay({ bookingId: payer.id });
    await waitFor(isConfirmed);
    await app.effectsDone();
    expect(await toPayer()).toBeGreaterThan(beforePaying);
    expect((await app.as(owner).post(`/admin/privacy/erasure/${forgotten?.id}`)).status).toBe(202);
    await app.sql(
      `update outbox_message set retry_at = now() + interval '1 hour' where payload ->> 'messageId' in
        (select id::text from message where family = 'booking_reminder' and to_address = $1)`,
      [waiting],
    );
    await app.timeIs(MONDAY_NOON);
    await app.sweepUntil(
      async () => (await countTo(reminded)) === toldFirst + 1 && (await mails()) === mailsFirst + 1,
    );
    expect(await countTo(waiting)).toBe(toldOther);
    await waitFor(async () => (await nameOf(forgotten?.id))[0]?.['name'] === 'Erased');
    const ledger = join(home, 'ledger.txt');
    writeFileSync(ledger, (await command('erasure-ledger')).printed);
    await app.app.close();
    // What it had begun was sent while it ended.
    const [mailsBefore, payerBefore] = [await mails(), await toPayer()];
    await leave(app.database);

    // It is lost.
    await server.stop();
    rmSync(join(home, 'postgres', 'data', 'global'), { recursive: true });
    const began = performance.now();
    expect(restoreEmbedded(home, backup)).toBe(join(home, 'postgres.before-restore'));
    server = await startEmbeddedServer(home);
    // In the sandbox the clock of the backup came back with it; a real one goes on.
    await asOwner(
      database(),
      `update app_clock set offset_ms = (extract(epoch from $1::timestamptz - now()) * 1000)::bigint`,
      [MONDAY_NOON],
    );
    await leave(database());
    expect((await command('restore', backup)).out).toContain('is running');
    const restored = await command('restored', '--ledger', ledger);
    expect(restored).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Forgot 1 again.+Ended [1-9]\d* sessions/s),
    });
    const knownUntil = /knows what happened until (\S+)\.\n/.exec(restored.out)?.[1] ?? '';
    expect(Date.parse(knownUntil)).toBeGreaterThan(backupBegan - 10_000);
    // The command leaves nothing running that was not in use.
    server = await startEmbeddedServer(home);
    app = await startApp('all');
    const minutes = (performance.now() - began) / 60_000;
    expect(minutes).toBeLessThan(10);

    expect((await app.as(owner).get('/admin/accounts')).status).toBe(401);
    await app.sweep();
    await app.effectsDone();
    // Nobody is told again; whom nobody told is told now.
    expect(await countTo(reminded)).toBe(toldFirst + 1);
    expect(await mails()).toBe(mailsBefore);
    expect(await countTo(waiting)).toBe(toldOther + 1);
    await app.sweepUntil(isConfirmed);
    expect((await moneyOf(app, payer.id)).booking?.paid_minor).toBe(8500);
    expect(await nameOf(forgotten?.id)).toEqual([{ name: 'Erased' }]);

    // What waits for a person says so, and goes out at a person's word.
    const heldBack = () =>
      app.sql<{ id: string; what: string }>(
        `select o.id, m.family || ' ' || m.channel as what from outbox_message o join message m on m.id = (o.payload ->> 'messageId')::uuid
          where o.state = 'dead' and o.last_error like 'Held back%' and m.flagged_at is not null order by 2`,
      );
    const families = ['booking_confirmed', 'booking_reminder', 'payment_settled', 'welcome'];
    const expected = families.flatMap((family) => [`${family} email`, `${family} sms`]);
    // Some of them wait for another a while before they are looked at.
    await waitFor(async () => (await heldBack()).length >= expected.length);
    expect((await heldBack()).map(({ what }) => what)).toEqual(expected);
    expect(await toPayer()).toBe(payerBefore);
    const reminder = (await heldBack()).find(({ what }) => what === 'booking_reminder email');
    const signedIn = app.as(await theOwner(app));
    expect((await signedIn.post(`/admin/outbox/${reminder?.id}/retry`)).status).toBe(200);
    await app.effectsDone();
    expect(await mails()).toBe(mailsBefore + 1);

    // What people do from now on is told as ever: of old bookings and of new ones.
    const onBehalfOf = 'salon';
    await signedIn.post(`/admin/bookings/${mailed}/cancel`, { reason: 'ill', onBehalfOf });
    const newcomer = aGuestContact().email;
    await book({ email: newcomer }, '2030-03-06T11:00:00-05:00');
    await app.effectsDone();
    expect(await mails()).toBe(mailsBefore + 2);
    expect((await app.sandbox.state({ to: newcomer })).emails).not.toEqual([]);
    expect(existsSync(join(home, 'postgres.before-restore', 'data'))).toBe(true);
    expect(readFileSync(join(home, 'postgres', 'postgres.log'), 'utf8')).toContain(
      'consistent recovery state',
    );
  }, 120_000);
});
