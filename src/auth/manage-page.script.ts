/**
 * Runs in the browser of whoever opens a manage link. Texts from the server are set as text, never as markup; times are
 * shown as the salon's clocks show them. The token stays in the fragment, and what it opens stays in this page.
 */
export const SCRIPT = `
const shut = 'This link does not open a booking any more. The newest message from the salon has the current one.';
const moved = 'It is moved. This link ends here; the newest message from the salon has the new one.';
let session, shown;

const element = (id) => document.getElementById(id);
const say = (id, text) => { element(id).textContent = text; };
const reveal = (id, isShown) => { element(id).hidden = !isShown; };
const wall = (start, style) => new Date(start.slice(0, 19) + 'Z').toLocaleString([], { ...style, timeZone: 'UTC' });

const call = async (method, url, token, body) => {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: 'Bearer ' + token } : {}) };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  return { ok: answer.ok, status: answer.status, body: await answer.json() };
};
const enter = async () => {
  const opened = await call('POST', '/api/manage/session', null, { token: location.hash.slice(1) });
  session = opened.ok ? opened.body : null;
  return opened;
};
const ask = async (method, path, body) => {
  const send = () => call(method, '/api/bookings/' + session.booking.id + path, session.accessToken, body);
  let answer = session ? await send() : null;
  if (!answer || answer.status === 401) { // none yet, or it ran out
    answer = await enter();
    if (answer.ok) answer = await send();
  }
  if ([401, 404].includes(answer.status)) { end(); say('what', shut); say('when', ''); say('state', ''); }
  return answer;
};
const end = () => { for (const id of ['cancel', 'move', 'elsewhere']) reveal(id, false); };
const show = (booking) => {
  shown = booking;
  say('what', booking.service.name + ' with ' + booking.staff.name);
  say('when', wall(booking.start, { dateStyle: 'full', timeStyle: 'short' }));
  say('state', 'Reference ' + booking.reference + ': ' + booking.status);
  end();
  reveal('cancel', ['held', 'confirmed'].includes(booking.status));
  reveal('move', booking.status === 'confirmed');
};
const refuse = (answer) => { if (![401, 404].includes(answer.status)) say('note', answer.body.detail); };

const begin = async () => {
  const answer = await ask('GET', '');
  if (answer.ok) show(answer.body); else refuse(answer);
};
const cancel = async () => {
  if (!confirm('Cancel this appointment?')) return;
  const answer = await ask('POST', '/cancel', {});
  if (!answer.ok) return refuse(answer);
  show(answer.body.booking);
  say('note', 'It is cancelled.');
};
const offer = async () => {
  const day = element('day').value;
  element('times').replaceChildren();
  if (!(day > '2000')) return; // none is chosen, or its year is being typed
  const answer = await ask('GET', '/slots?from=' + day + '&to=' + day);
  if (element('day').value !== day) return;
  if (!answer.ok) return refuse(answer);
  const starts = answer.body.days.flatMap((one) => one.slots).map((slot) => slot.start).filter((start) => start !== shown.start);
  element('times').replaceChildren(...starts.map(buttonFor));
  say('note', starts.length > 0 ? '' : 'Nothing is free on that day.');
};
const buttonFor = (start) => {
  const button = document.createElement('button');
  button.textContent = wall(start, { timeStyle: 'short' });
  button.addEventListener('click', () => move(start).catch(lost));
  return button;
};
const move = async (start) => {
  element('times').replaceChildren(); // one press, one move
  const answer = await ask('PUT', '/reschedule', { start });
  if (!answer.ok) { await offer(); return refuse(answer); }
  show(answer.body);
  end();
  say('note', moved);
};
const look = () => {
  reveal('elsewhere', true);
  element('day').value = shown.start.slice(0, 10);
  return offer();
};
const lost = () => say('note', 'The salon cannot be reached just now; try again.');

element('cancel').addEventListener('click', () => cancel().catch(lost));
element('move').addEventListener('click', () => look().catch(lost));
element('day').addEventListener('change', () => offer().catch(lost));
begin().catch(lost);
`;
