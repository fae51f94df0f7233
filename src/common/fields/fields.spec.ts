import 'reflect-metadata';
import { DomainError } from '../domain-error.js';
import { validation } from '../validation.js';
import { Email, Locale, OneOf, Pattern, Phone, Secret, Text, TimeZone } from './text.fields.js';
import { Bool, Id, IdList, Instant, Int, ListOf, LocalDateField, Nested } from './value.fields.js';

class Inner {
  @Text({ max: 5 }) name!: string;
}

class Everything {
  @Text({ min: 2, max: 5, optional: true }) text?: string;
  @Text({ max: 5, optional: true, nullable: true }) clearable?: string | null;
  @Pattern({ pattern: /^[A-Z]{3}$/, max: 3, optional: true, example: 'USD' }) pattern?: string;
  @Secret({ min: 3, max: 9, optional: true }) secret?: string;
  @Email({ optional: true }) email?: string;
  @Phone({ optional: true }) phone?: string;
  @TimeZone({ optional: true }) zone?: string;
  @Locale({ optional: true }) locale?: string;
  @OneOf(['sms', 'email'], { optional: true }) word?: string;
  @Int({ min: 1, max: 9, optional: true }) int?: number;
  @Bool({ optional: true }) bool?: boolean;
  @Id({ optional: true }) id?: string;
  @Instant({ optional: true }) instant?: Date;
  @LocalDateField({ optional: true }) date?: string;
  @Nested(() => Inner, { optional: true }) nested?: Inner;
  @ListOf(() => Inner, { min: 1, max: 2, optional: true }) list?: Inner[];
  @IdList({ min: 1, max: 2, optional: true }) ids?: string[];
}

class Needed {
  @Text({ max: 5 }) text!: string;
  @Pattern({ pattern: /^a$/, max: 1 }) pattern!: string;
  @Email() email!: string;
  @OneOf(['sms']) word!: string;
  @Int({ min: 1, max: 9 }) int!: number;
  @Id() id!: string;
  @Nested(() => Inner) nested!: Inner;
  @ListOf(() => Inner, { min: 1 }) list!: Inner[];
  @IdList() ids!: string[];
}

const ID = '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55';

/** What is said of a body: `pointer code: detail`, or nothing. */
async function said(body: unknown, metatype: new () => object = Everything): Promise<string[]> {
  try {
    await validation().transform(body, { type: 'body', metatype });
    return [];
  } catch (error) {
    const errors = error instanceof DomainError ? error.extras['errors'] : [];
    if (!Array.isArray(errors)) throw error;
    return errors.map(({ pointer, code, detail }) => `${pointer} ${code}: ${detail}`);
  }
}

describe('a field', () => {
  it.each<[body: object, violation: string]>([
    [{ text: 5 }, '/text text: must be text'],
    [{ text: null }, '/text text: must be text'],
    [{ text: ' a ' }, '/text too-short: must have at least 2 characters'],
    [{ text: 'abcdef' }, '/text too-long: must have at most 5 characters'],
    [{ text: 'a\u0000b' }, '/text printable: must not hold control characters or broken Unicode'],
    [{ text: 'a\ud800b' }, '/text printable: must not hold control characters or broken Unicode'],
    [{ pattern: 5 }, '/pattern text: must be text'],
    [{ pattern: 'usd' }, '/pattern format: must have a form like USD'],
    [{ pattern: 'USDX' }, '/pattern too-long: must have at most 3 characters'],
    [{ secret: 'ab' }, '/secret too-short: must have at least 3 characters'],
    [{ email: 'nobody' }, '/email email: must be an e-mail address'],
    [
      { phone: '555' },
      '/phone phone: must be a telephone number with its country code, such as +15005550100',
    ],
    [{ zone: 'Mars/Olympus' }, '/zone time-zone: must be an IANA time zone name such as Europe/Berlin'],
    [{ locale: 'English!' }, '/locale format: must have a form like en-US'],
    [{ word: 'fax' }, '/word one-of: must be one of: sms, email'],
    [{ int: 'many' }, '/int integer: must be a whole number'],
    [{ int: 1.5 }, '/int integer: must be a whole number'],
    [{ int: 0 }, '/int too-small: must be at least 1'],
    [{ int: 10 }, '/int too-large: must be at most 9'],
    [{ bool: 'yes' }, '/bool boolean: must be true or false'],
    [{ id: '1' }, '/id uuid: must be a UUID'],
    [
      { instant: '2030-03-04' },
      '/instant instant: must be an RFC 3339 instant with its offset, such as 2030-03-04T09:00:00-05:00',
    ],
    [{ date: '2030-02-30' }, '/date local-date: must be a calendar date such as 2030-03-04'],
    [{ nested: [] }, '/nested object: must be an object'],
    [{ nested: null }, '/nested object: must be an object'],
    [{ nested: {} }, '/nested/name required: is required'],
    [{ list: {} }, '/list list: must be a list'],
    [{ list: [null] }, '/list objects: must hold objects only'],
    [{ list: [] }, '/list too-few: must hold at least 1 entry'],
    [{ list: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }, '/list too-many: must hold at most 2 entries'],
    [{ list: [{ name: 'a' }, { name: 7 }] }, '/list/1/name text: must be text'],
    [{ ids: 'a' }, '/ids list: must be a list'],
    [{ ids: [ID, ID, ID] }, '/ids too-many: must hold at most 2 entries'],
    [{ ids: [ID, 'x'] }, '/ids uuid: must hold UUIDs only'],
    [{ 'a/b': 1 }, '/a~1b unknown-field: is not a field of this request'],
  ])('of %j says once what is wrong: %s', async (body, violation) => {
    expect(await said(body)).toEqual([violation]);
  });

  it('that is missing says so, and nothing else', async () => {
    const names = ['text', 'pattern', 'email', 'word', 'int', 'id', 'nested', 'list', 'ids'];
    expect((await said({}, Needed)).toSorted()).toEqual(
      names.map((name) => `/${name} required: is required`).toSorted(),
    );
  });

  it('that is right, left out or cleared is not mentioned; an emoji is one character', async () => {
    expect(await said({ text: '💇💇💇💇💇', clearable: null, int: '7', bool: 'true', ids: [ID] })).toEqual(
      [],
    );
  });

  it('is told of together with every other that is wrong', async () => {
    expect(await said({ text: 5, int: 0, zone: 1 })).toHaveLength(3);
  });
});
