import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { ManageLinks } from '../../src/auth/manage-links.service.js';
import { aManageLink } from '../support/factories.js';
import { asGuestOf, bookAsGuest, openSalon, type OpenSalon } from '../support/salon.js';
import { said } from '../support/sign-in.js';
import { TestApp } from '../support/test-app.js';

/** Any route of the owner's. */
const OWNERS = '/admin/settings';

describe('a manage link', () => {
  let app: TestApp;
  let salon: OpenSalon;
  beforeAll(async () => {
    app = await TestApp.start();
    await app.timeIs('2030-03-01T14:00:00Z'); // a Friday morning in New York
    salon = await openSalon(app);
  });
  afterAll(() => app.stop());

  let hour = 9;
  const aBooking = () =>
    bookAsGuest(
      app,
      salon,
      `2030-03-0${hour > 16 ? 5 : 4}T${String(((hour += 1) % 9) + 9).padStart(2, '0')}:00:00-05:00`,
    );
  const open = (token: unknown) => app.as().post('/api/manage/session', { token });

  it('opens its one booking and nothing else', async () => {
    const [mine, other] = [await aBooking(), await aBooking()];
    const session = await open(mine.body.manageToken);
    expect(session.status).toBe(200);
    expect(session.body).toEqual({
      accessToken: expect.any(String),
      expiresIn: 600,
      booking: { id: mine.body.id },
    });
    const guest = app.as(session.body.accessToken);
    expect((await guest.get(`/api/bookings/${mine.body.id}`)).status).toBe(200);
    const stranger = await guest.get(`/api/bookings/${other.body.id}`);
    const nobody = await guest.get(`/api/bookings/${salon.serviceId}`);
    expect(said(stranger)).toEqual(said(nobody));
    expect(stranger.status).toBe(404);
    expect((await guest.get(OWNERS)).status).toBe(403);
  });

  it('stays shut alike when it is unknown, expired or revoked', async () => {
    const { body } = await aBooking();
    const whose = { bookingId: body.id, customerId: body.customer.id };
    const expired = await open(await aManageLink(app, { ...whose, minutes: -1 }));
    const revokedToken = await aManageLink(app, whose);
    await app.sql('update manage_link set revoked_at = now() where booking_id = $1', [body.id]);
    const answers = [await open('x'.repeat(43)), expired, await open(revokedToken)];
    expect(answers[0]?.status).toBe(404);
    expect(answers.map(said)).toEqual([said(answers[0]!), said(answers[0]!), said(answers[0]!)]);
  });

  it('takes its guests with it when it is revoked, and when the appointment is over', async () => {
    const booked = await aBooking();
    const [revoked, over] = [await asGuestOf(app, booked), await asGuestOf(app, await aBooking())];
    const status = async (guest: typeof over) => (await guest.get(`/api/bookings/${booked.body.id}`)).status;
    expect(await status(revoked)).toBe(200);
    await app.sql('update manage_link set revoked_at = now() where booking_id = $1', [booked.body.id]);
    expect(await status(revoked)).toBe(401);
    expect(await status(over)).toBe(404);
    await app.timeIs('2030-03-06T14:00:00Z');
    expect(await status(over)).toBe(401);
    await app.timeIs('2030-03-01T14:00:00Z');
  });

  it('leads to a page that only runs its own script, and is found by no search engine', async () => {
    const page = await app.as().get('/manage');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(page.headers['x-robots-tag']).toBe('noindex, nofollow');
    expect(page.headers['cache-control']).toBe('private, no-store');
    const policy = page.headers['content-security-policy'];
    const [, script = ''] = /<script>([^]*)<\/script>/.exec(page.text) ?? [];
    const [, style = ''] = /<style>([^]*)<\/style>/.exec(page.text) ?? [];
    const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(policy).toContain(`script-src 'sha256-${hashOf(script)}';`);
    expect(policy).toContain(`style-src 'sha256-${hashOf(style)}';`);
    expect(page.text).not.toMatch(/ (style|on\w+)=/);
    expect(() => new Script(script)).not.toThrow();
    expect(app.get(ManageLinks).urlFor('token')).toBe(`${app.config.publicUrl}/manage#token`);
  });

  it('gives an hour at most, and no refresh token', async () => {
    const { body } = await aBooking();
    await open(body.manageToken);
    const [session] = await app.sql(
      `select expires_at - created_at <= interval '1 hour' as short, not exists (select from refresh_token r where r.session_id = s.id) as bare
         from session s where booking_id = $1`,
      [body.id],
    );
    expect(session).toEqual({ short: true, bare: true });
  });
});
