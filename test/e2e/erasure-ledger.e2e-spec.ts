import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../src/common/ids.js';
import { ErasureHandler } from '../../src/privacy/erasure.handler.js';
import { ErasureLedger } from '../../src/privacy/erasure-ledger.service.js';
import { fullOf } from '../support/canary.js';
import { portal, somebody } from '../support/portal.js';
import { privacySalon } from '../support/privacy-salon.js';
import type { OpenSalon } from '../support/salon.js';
import { TestApp, type Caller } from '../support/test-app.js';
import { FRIDAY_9 } from '../support/texting.js';
import { lawrei } from '../support/test-build.js';

/** An hour past the time to change one's mind. */
const MONDAY_10 = '2030-03-04T15:00:00Z';

describe('the ledger of who was forgotten', () => {
  let app: TestApp;
  let salon: OpenSalon;
  let owner: Caller;
  beforeAll(async () => {
    ({ app, salon, owner } = await privacySalon());
  });
  beforeEach(() => app.timeIs(FRIDAY_9));
  afterAll(() => app.stop());

  const nameOf = async (id: string) =>
    (await app.sql<{ name: string }>('select name from customer where id = $1', [id]))[0]?.name;
  const inLedger = async (id: string) =>
    (await app.sql('select 1 from erasure_ledger where customer_id = $1', [id])).length;
  const forgotten = async (id: string) => {
    await app.sql(`update refund set state = 'succeeded', settled_at = app_now() where customer_id = $1`, [
      id,
    ]);
    expect((await owner.post(`/admin/privacy/erasure/${id}`)).status).toBe(202);
    await app.timeIs(MONDAY_10);
    await app.effectsDone();
    expect(await nameOf(id)).toBe('Erased');
    await app.timeIs(FRIDAY_9);
  };
  /** What a backup from before brings back: the person, their words, and their guest's row, which was not given to them yet. */
  const restored = async ({ id, email, phone }: { id: string; email: string; phone: string }) => {
    const guests = await app.sql<{ id: string }>('select id from customer where merged_into_id = $1', [id]);
    await app.sql(
      `update customer set erased_at = null, merged_into_id = null, name = 'Ada again', email = $2, phone = $3 where id = $1 or merged_into_id = $1`,
      [id, email, phone],
    );
    await app.sql(`update message set to_address = $2, body = 'Ada again' where customer_id = $1`, [
      id,
      phone,
    ]);
    return guests.map((guest) => guest.id);
  };

  it('has one line of somebody whom three workers forget at once', async () => {
    const ada = await somebody(app, salon, '2030-03-12T10:00:00-04:00');
    await owner.post(`/admin/privacy/erasure/${ada.id}`);
    const [request] = await app.sql<{ id: string }>('select id from erasure_request where customer_id = $1', [
      ada.id,
    ]);
    await app.timeIs(MONDAY_10);
    const effect = { payload: { requestId: request?.id }, settle: async () => undefined } as never;
    await Promise.all(Array.from({ length: 3 }, () => app.get(ErasureHandler).handle(effect)));
    await app.effectsDone();
    const audited = await app.sql(
      `select 1 from audit_log where action = 'privacy.erased' and subject_id = $1`,
      [ada.id],
    );
    expect([await inLedger(ada.id), audited.length]).toEqual([1, 1]);
    const cancelled = await app.sql(
      `select 1 from booking_event where booking_id = $1 and type = 'cancelled'`,
      [ada.bookings[0]],
    );
    expect(cancelled).toHaveLength(1);
  });

  it('forgets them again after an older backup was restored, with the guests that were theirs; twice is as good as once', async () => {
    const ada = await fullOf(app, salon, 'KanarieB1');
    const ben = await somebody(app, salon);
    await forgotten(ada.id);
    const guests = await restored(ada);
    expect(guests.length).toBeGreaterThan(0);
    expect(await app.get(ErasureLedger).replay()).toEqual({ forgotten: 1 + guests.length, failed: [] });
    expect(await Promise.all([ada.id, ...guests].map(nameOf))).toEqual([
      'Erased',
      ...guests.map(() => 'Erased'),
    ]);
    const left = await app.sql(`select 1 from message where body = 'Ada again' or to_address = $1`, [
      ada.phone,
    ]);
    expect(left).toEqual([]);
    const audited = await app.sql(
      `select details from audit_log where action = 'privacy.erased' and subject_id = $1 order by at`,
      [ada.id],
    );
    expect(audited.map(({ details }) => details)).toEqual([{ cause: 'asked' }, { cause: 'replay' }]);
    expect(await app.get(ErasureLedger).replay()).toEqual({ forgotten: 0, failed: [] });
    expect((await ben.caller.get(portal(ben.id, '/profile'))).body.email).toBe(ben.email);
  });

  it('forgets the others where the law has one kept meanwhile, and says whom it could not', async () => {
    const [ada, ben] = [await somebody(app, salon), await somebody(app, salon)];
    for (const { id } of [ada, ben]) await forgotten(id);
    for (const one of [ada, ben]) await restored(one);
    await app.sql(`update customer set legal_hold = 'Case 17' where id = $1`, [ada.id]);
    const { forgotten: count, failed } = await app.get(ErasureLedger).replay();
    expect([count > 0, failed]).toEqual([true, [ada.id]]);
    expect([await nameOf(ada.id), await nameOf(ben.id)]).toEqual(['Ada again', 'Erased']);
    await app.sql('update customer set legal_hold = null where id = $1', [ada.id]);
    await app.get(ErasureLedger).replay();
  });

  it('is printed and replayed on the command line, also when the database that was lost had the newer one', async () => {
    const ada = await somebody(app, salon);
    await forgotten(ada.id);
    const printed = await lawrei(app, ['erasure-ledger']);
    expect([printed.code, printed.err]).toEqual([0, '']);
    expect(printed.out.trim().split('\n')).toContain(ada.id);
    const file = join(app.config.dataDir, 'ledger');
    writeFileSync(file, printed.out);
    await restored(ada);
    await app.sql(`alter table erasure_ledger disable trigger erasure_ledger_append_only`);
    await app.sql('delete from erasure_ledger where customer_id = $1', [ada.id]);
    await app.sql(`alter table erasure_ledger enable trigger erasure_ledger_append_only`);
    expect(await nameOf(ada.id)).toBe('Ada again');

    await app.get(ErasureLedger).replay();
    expect(await nameOf(ada.id)).toBe('Ada again');
    const replayed = await lawrei(app, ['replay-erasures', '--ledger', file]);
    expect(replayed).toMatchObject({ code: 0, out: expect.stringContaining('again.') });
    expect([await nameOf(ada.id), await inLedger(ada.id)]).toEqual(['Erased', 1]);

    writeFileSync(file, `${newId()}\nada@example.com\n`);
    expect(await lawrei(app, ['replay-erasures', '--ledger', file])).toMatchObject({
      code: 1,
      err: expect.stringContaining('ids only'),
    });
  }, 90_000);
});
