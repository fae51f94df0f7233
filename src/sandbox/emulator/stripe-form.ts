/** A value of a form with brackets: a text, a list, or an object of them. */
export type FormValue = string | FormValue[] | FormObject;

/** Has no prototype, so that no name a caller invents means anything else. */
export interface FormObject {
  [name: string]: FormValue;
}

/** The brackets do not fit together; `param` is the name as it was sent. */
export class FormUnreadable extends Error {
  constructor(readonly param: string) {
    super(`Invalid parameter: ${param}`);
  }
}

const DEEPEST = 10;
const NAME = /^([^[\]]+)((?:\[[^[\]]*\])*)$/;

/** Reads `a[b][0][c]=x` as Stripe does: names make objects; numbers, and nothing (`a[]`), make lists. */
export function parseForm(text: string): FormObject {
  const root = emptyObject();
  for (const [name, value] of new URLSearchParams(text)) {
    const [, first, rest] = NAME.exec(name) ?? [];
    if (first === undefined || rest === undefined) throw new FormUnreadable(name);
    const path = [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map((part) => part[1] ?? '')];
    if (path.length > DEEPEST) throw new FormUnreadable(name);
    put(root, path, value, name);
  }
  return withLists(root);
}

function put(root: FormObject, path: readonly string[], value: string, name: string): void {
  let target = root;
  for (const part of path.slice(0, -1)) {
    const key = keyIn(target, part);
    const next = (target[key] ??= emptyObject());
    if (typeof next === 'string' || Array.isArray(next)) throw new FormUnreadable(name);
    target = next;
  }
  const key = keyIn(target, path.at(-1) ?? '');
  if (typeof target[key] === 'object') throw new FormUnreadable(name);
  // A name given twice: the last one counts.
  target[key] = value;
}

/** `[]` is the next number. */
function keyIn(target: FormObject, part: string): string {
  return part === '' ? String(Object.keys(target).length) : part;
}

function withLists(object: FormObject): FormObject {
  for (const [name, value] of Object.entries(object)) object[name] = listed(value);
  return object;
}

function listed(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const names = Object.keys(withLists(value));
  const isList = names.length > 0 && names.every((name) => /^\d+$/.test(name));
  // Number-like names come out of an object in ascending order, whatever order they were sent in.
  return isList ? Object.values(value) : value;
}

function emptyObject(): FormObject {
  // A null prototype has no better spelling.
  return Object.create(null) as FormObject;
}
