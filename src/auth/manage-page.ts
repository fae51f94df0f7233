import { createHash } from 'node:crypto';

const STYLE = `
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; color: #222; background: #fff }
button { font: inherit; padding: .5rem 1rem; cursor: pointer }
`;

/** Texts from the server are set as text, never as markup. The start is shown as the salon's clocks show it. */
const SCRIPT = `
const say = (id, text) => { document.getElementById(id).textContent = text; };
const shut = 'This link does not open a booking any more. The newest message from the salon has the current one.';
const call = async (method, url, token, body) => {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: 'Bearer ' + token } : {}) };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { ok: answer.ok, body: await answer.json() };
};
const open = () => call('POST', '/api/manage/session', null, { token: location.hash.slice(1) });
const show = (booking) => {
  const wall = new Date(booking.start.slice(0, 19) + 'Z');
  const when = wall.toLocaleString([], { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
  say('what', booking.service.name + ' with ' + booking.staff.name);
  say('when', when);
  say('state', 'Reference ' + booking.reference + ': ' + booking.status);
  document.getElementById('cancel').hidden = !['held', 'confirmed'].includes(booking.status);
};
const begin = async () => {
  const session = await open();
  if (!session.ok) return say('what', shut);
  const booking = await call('GET', '/api/bookings/' + session.body.booking.id, session.body.accessToken);
  return booking.ok ? show(booking.body) : say('what', shut);
};
const cancel = async () => {
  if (!confirm('Cancel this appointment?')) return;
  const session = await open();
  if (!session.ok) return say('what', shut);
  const answer = await call('POST', '/api/bookings/' + session.body.booking.id + '/cancel', session.body.accessToken, {});
  if (answer.ok) show(answer.body.booking);
  say('note', answer.ok ? 'It is cancelled.' : answer.body.detail);
};
const lost = () => say('note', 'The salon cannot be reached just now; try again.');
document.getElementById('cancel').addEventListener('click', () => cancel().catch(lost));
begin().catch(lost);
`;

/** Where the link in a message leads: shows the booking's service and time, and lets the guest cancel it. */
export const MANAGE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>Your appointment</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Your appointment</h1>
<p id="what">One moment …</p>
<p id="when"></p>
<p id="state"></p>
<button id="cancel" hidden>Cancel it</button>
<p id="note" role="status"></p>
<noscript>This page needs JavaScript, because your link is opened here and not on the way.</noscript>
<script>${SCRIPT}</script>
</body>
</html>
`;

const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Runs the page's own script and style, byte for byte, and talks to this server alone. */
export const MANAGE_PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${sourceOf(SCRIPT)}`,
  `style-src ${sourceOf(STYLE)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
