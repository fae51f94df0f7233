/** What an incoming text asks for; `other` is for people, in the staff inbox. */
export type InboundIntent = 'stop' | 'start' | 'help' | 'confirm' | 'reschedule' | 'other';

const MAX_BODY = 1600;
/** The carriers' own words (they block at CANCEL too, so it never cancels an appointment) and their common spellings. */
const STOP_WORDS = new Set(['stop', 'stopall', 'unsubscribe', 'cancel', 'end', 'quit', 'revoke', 'optout']);
const START_WORDS = new Set(['start', 'unstop']);
const HELP_WORDS = new Set(['help', 'info']);
const CONFIRM_WORDS = new Set(['c', 'y', 'confirm']);

const POLITE_START =
  /^(?:(?:hi|hello|hey|ok|okay|please|pls|plz|kindly|just|could you|can you|would you|will you|i want you to|i would like you to|you need to|thanks|thank you|sorry|and)(?: |$))+/;
const POLITE_END =
  /(?:(?:^| )(?:please|pls|plz|thanks|thank you|thx|now|immediately|already|again|anymore|any more|any longer|ever|ever again|at all|asap|right now))+$/;

const TEXTS =
  '(?:text|texts|txt|txts|sms|message|messages|msg|msgs|text messages|reminder|reminders|notifications)';
const WHICH = '(?:(?:me|us|any|all|the|these|those|this|your|more|of|such|further|from you) )*';
const LIST =
  '(?: (?:from|off)(?: (?:your|the|this|all|any))*(?: (?:text|texting|sms|mailing|contact|message))?(?: list| lists)?)?';
/** Plain requests, matched against the whole message without its courtesies: "stop by at five" is not one. */
const STOP_REQUESTS: readonly RegExp[] = [
  /^(?:stop|stop it|stop this|stop all|stop that|unsubscribe|opt out|optout)$/,
  /^stop (?:texting|messaging|contacting|spamming|bothering|reminding|sms ?ing|writing|writing to)(?: (?:me|us|this number|my phone|my number))?$/,
  new RegExp(`^stop (?:sending )?${WHICH}${TEXTS}(?: to (?:me|this number|my phone))?$`),
  new RegExp(
    `^(?:do not|dont|never) (?:text|txt|sms|message|msg|contact|write|write to) (?:me|us|this number)$`,
  ),
  new RegExp(`^(?:do not|dont|never) send ${WHICH}${TEXTS}(?: to (?:me|this number|my phone))?$`),
  new RegExp(`^no (?:more|further) ${TEXTS}$`),
  new RegExp(`^unsubscribe (?:me|us|this number|my number)${LIST}$`),
  new RegExp(`^(?:opt|sign) (?:me|us|this number) out(?: of ${WHICH}${TEXTS})?$`),
  new RegExp(`^i (?:want|would like|wish) to (?:opt out|unsubscribe|stop)$`),
  new RegExp(`^(?:i )?(?:do not|dont) want ${WHICH}${TEXTS}$`),
  new RegExp(`^(?:remove|delete|take) (?:me|us|my number|this number)(?: off)?${LIST}$`),
  /^leave me alone$/,
];

/**
 * What the customer wants. Keywords count only as the whole message, whatever their case and punctuation; of the
 * plain sentences only requests to stop are understood. `optedOut` says whether the sender's number has opted out now: YES then
 * means "in again", otherwise it confirms attendance.
 */
export function classifyInbound(body: string, { optedOut }: { readonly optedOut: boolean }): InboundIntent {
  const words = wordsOf(body);
  const keyword = words.replaceAll(' ', '');
  if (STOP_WORDS.has(keyword)) return 'stop';
  if (START_WORDS.has(keyword)) return 'start';
  if (HELP_WORDS.has(keyword)) return 'help';
  if (keyword === 'yes') return optedOut ? 'start' : 'confirm';
  if (CONFIRM_WORDS.has(keyword)) return 'confirm';
  if (keyword === 'r') return 'reschedule';
  return asksToStop(words) ? 'stop' : 'other';
}

/** Lower case, one space between words; apostrophes vanish ("don't" is "dont"), other punctuation and emoji are spaces. */
function wordsOf(body: string): string {
  return body
    .slice(0, MAX_BODY)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’‘`´]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function asksToStop(words: string): boolean {
  const request = words.replace(POLITE_START, '').replace(POLITE_END, '').trim();
  return STOP_REQUESTS.some((pattern) => pattern.test(request));
}
