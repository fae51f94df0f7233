import { FieldRefused } from '../../common/domain-error.js';
import { formatMoney } from '../../common/money.js';
import {
  isMoneyVariable,
  isTemplateVariable,
  TEMPLATE_VARIABLES,
  type TemplateValues,
  type TemplateVariable,
} from './variables.js';

const MAX_SOURCE = 5000;
const MAX_VALUE = 200;
const MAX_URL = 2000;
/** A dollar sign directly before a variable is read with it, because before an amount it only stands for "currency symbol". */
const TOKEN = /(\$?)\{([^{}]*)\}|[{}]/g;
/** Control characters, line separators, and marks that turn or hide text without being seen. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]+/gu;
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\p{Cs}]/gu;

interface Part {
  readonly text: string;
  readonly variable: TemplateVariable | null;
}

/** A text with holes, read once and rendered often. */
export interface Template {
  readonly source: string;
  readonly parts: readonly Part[];
  /** The variables in use, each once, in order of appearance. */
  readonly variables: readonly TemplateVariable[];
}

/** Refuses to publish (422): names every variable that does not exist or is not known for this kind of message. */
export class UnknownTemplateVariables extends FieldRefused {
  constructor(
    readonly names: readonly string[],
    allowed: readonly TemplateVariable[],
    pointer = '/body',
  ) {
    const listed = names.map((name) => `{${name}}`).join(', ');
    super(pointer, 'unknown-variable', `Unknown here: ${listed}. Known: ${allowed.join(', ')}.`);
  }
}

/** Refuses to publish (422): a brace without its partner, nested braces, or a text that is too long. */
export class TemplateMalformed extends FieldRefused {
  constructor(detail: string, pointer: string) {
    super(pointer, 'malformed-template', detail);
  }
}

/** A message is not sent with a hole in it; carries the variables' names, never a value. */
export class MissingTemplateValues extends Error {
  constructor(readonly names: readonly TemplateVariable[]) {
    super(`no value for ${names.join(', ')}`);
    this.name = 'MissingTemplateValues';
  }
}

/**
 * Reads `{variable}` templates: no logic, no escapes, no nesting; braces mean a variable and nothing else, so `{{name}}` is an
 * error rather than a surprise in a customer's text. Throws TemplateMalformed, UnknownTemplateVariables.
 */
export function parseTemplate(
  source: string,
  allowed: readonly TemplateVariable[] = TEMPLATE_VARIABLES,
  pointer = '/body',
): Template {
  if (source.length > MAX_SOURCE)
    throw new TemplateMalformed(`Longer than ${MAX_SOURCE} characters.`, pointer);
  const parts: Part[] = [];
  const unknown = new Set<string>();
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const [token, dollar = '', inner] = match;
    if (inner === undefined) {
      throw new TemplateMalformed(`The "${token}" at character ${match.index + 1} has no partner.`, pointer);
    }
    const name = inner.trim();
    const literal = source.slice(end, match.index) + (isMoneyVariable(name) ? '' : dollar);
    end = match.index + token.length;
    if (isTemplateVariable(name) && allowed.includes(name)) parts.push({ text: literal, variable: name });
    else unknown.add(name);
  }
  if (unknown.size > 0) throw new UnknownTemplateVariables([...unknown], allowed, pointer);
  parts.push({ text: source.slice(end), variable: null });
  const variables = [...new Set(parts.flatMap(({ variable }) => variable ?? []))];
  return { source, parts, variables };
}

/**
 * Fills a template in one pass: values are never read as templates themselves. Amounts print as `formatMoney`, with or without
 * a dollar sign before the variable: `${amount}` is `$85.00` or `€85.00`. Other values are inserted as they are, on one line,
 * without control characters, at most 200 characters. Throws MissingTemplateValues when one is absent or blank.
 */
export function render(template: Template, values: TemplateValues, locale = 'en-US'): string {
  const missing: TemplateVariable[] = [];
  const texts = new Map<TemplateVariable, string>();
  for (const variable of template.variables) {
    const text = textOf(variable, values, locale);
    if (text === null) missing.push(variable);
    else texts.set(variable, text);
  }
  if (missing.length > 0) throw new MissingTemplateValues(missing);
  return template.parts
    .map(({ text, variable }) => (variable === null ? text : text + (texts.get(variable) ?? '')))
    .join('');
}

function textOf(variable: TemplateVariable, values: TemplateValues, locale: string): string | null {
  const value = values[variable];
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') return formatMoney(value, locale);
  const text = value.replace(UNPRINTABLE, ' ').replace(INVISIBLE, '').trim();
  if (text === '') return null;
  // Half a link is worse than none.
  if (variable === 'manageUrl') return text.length > MAX_URL ? null : text;
  return text.length > MAX_VALUE ? [...text].slice(0, MAX_VALUE).join('').trim() : text;
}
