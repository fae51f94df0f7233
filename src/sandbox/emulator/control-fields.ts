/** The fields of a control call; every reader throws TypeError, which the control routes answer with 400. */
export class Fields {
  constructor(private readonly fields: ReadonlyMap<string, unknown>) {}

  isNull(name: string): boolean {
    return this.fields.get(name) === null;
  }

  optionalText(name: string): string | undefined {
    const value = this.fields.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '') throw new TypeError(`${name} is a text`);
    return value;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw new TypeError(`${name} is missing`);
    return value;
  }

  optionalWhole(name: string): number | undefined {
    const value = this.fields.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1)
      throw new TypeError(`${name} is a whole number from 1 on`);
    return value;
  }

  optionalOneOf<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.optionalText(name);
    const choice = choices.find((candidate) => candidate === value);
    if (value !== undefined && choice === undefined)
      throw new TypeError(`${name} is one of ${choices.join(', ')}`);
    return choice;
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    const choice = this.optionalOneOf(name, choices);
    if (choice === undefined) throw new TypeError(`${name} is missing`);
    return choice;
  }
}

/** Reads the body of a control call. */
export function readFields(body: unknown): Fields {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new TypeError('expected an object');
  return new Fields(new Map(Object.entries(body)));
}
