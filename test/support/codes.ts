import { fromAddress } from './factories.js';
import { freshAddress } from './sign-in.js';
import type { Caller, TestApp } from './test-app.js';

export type Way = 'sms' | 'email';

/** The newest code that was sent to a contact; waits until the order for it is done. */
export async function codeSentTo(app: TestApp, to: string): Promise<string> {
  await app.effectsDone();
  const { sms, emails } = await app.sandbox.state({ to });
  const texts = [...sms.map(({ body }) => body), ...emails.map(({ subject }) => subject)];
  const code = /^(\d{6}) is your code/.exec(
    texts.findLast((text) => text.includes(' is your code')) ?? '',
  )?.[1];
  if (code === undefined) throw new Error(`no code was sent to ${to}`);
  return code;
}

/** Asks for a code from an address of its own. */
export async function askForCode(
  app: TestApp,
  channel: Way,
  to: string,
  address = freshAddress(),
): Promise<string> {
  const { status, body } = await fromAddress(app, address).post('/api/auth/code', { channel, to });
  if (status !== 202) throw new Error(`no challenge: ${JSON.stringify(body)}`);
  return String(body['challengeId']);
}

/** Tells a code from an address of its own. */
export const tellCode = (app: TestApp, told: { challengeId: string; code: string; name?: string }) =>
  fromAddress(app, freshAddress()).post('/api/auth/code/verify', told);

export interface SignedInCustomer {
  id: string;
  token: string;
  refreshToken: string;
}

/** Signs a customer in as one does: a code to their contact, told back. */
export async function signInBy(
  app: TestApp,
  channel: Way,
  to: string,
  name?: string,
): Promise<SignedInCustomer> {
  const challengeId = await askForCode(app, channel, to);
  const code = await codeSentTo(app, to);
  const { status, body } = await tellCode(app, { challengeId, code, ...(name ? { name } : {}) });
  if (status !== 200) throw new Error(`not signed in: ${JSON.stringify(body)}`);
  // What a client reads of it, whatever its language.
  const grant = body as unknown as { customer: { id: string }; accessToken: string; refreshToken: string };
  return { id: grant.customer.id, token: grant.accessToken, refreshToken: grant.refreshToken };
}

/** Proves again, in a session, that a contact is the customer's. */
export async function stepUp(app: TestApp, caller: Caller, channel: Way, to: string): Promise<number> {
  const asked = await caller.post('/api/auth/step-up', { channel });
  if (asked.status !== 202) throw new Error(`no challenge: ${asked.text}`);
  const code = await codeSentTo(app, to);
  return (await caller.post('/api/auth/step-up/verify', { challengeId: asked.body.challengeId, code }))
    .status;
}
