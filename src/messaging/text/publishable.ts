import { FieldRefused } from '../../common/domain-error.js';
import { parseTemplate, type Template } from './template.js';
import type { TemplateKey } from './template-key.js';
import { variablesFor } from './variables.js';

/** What staff write. */
export interface Wording {
  readonly subject: string | null;
  readonly body: string;
}

export interface ParsedWording {
  readonly subject: Template | null;
  readonly body: Template;
}

/**
 * Reads a wording and refuses what must never be sent: unknown variables, an e-mail without a subject, a text that does not say who
 * writes, a code message without its code. Throws FieldRefused with the field it is about.
 */
export function readWording({ channel, name }: TemplateKey, { subject, body }: Wording): ParsedWording {
  if (channel === 'email' && subject === null)
    throw new FieldRefused('/subject', 'required', 'an e-mail needs a subject');
  if (channel === 'sms' && subject !== null)
    throw new FieldRefused('/subject', 'not-for-texts', 'a text has no subject');
  const allowed = variablesFor(name);
  const parsed = {
    subject: subject === null ? null : parseTemplate(subject, allowed, '/subject'),
    body: parseTemplate(body, allowed),
  };
  if (channel === 'sms' && !parsed.body.variables.includes('business'))
    throw new FieldRefused('/body', 'business-missing', 'a text says who writes: put {business} into it');
  if (name === 'one_time_code' && !parsed.body.variables.includes('code'))
    throw new FieldRefused('/body', 'code-missing', 'put {code} into it: that is all the message is for');
  return parsed;
}
