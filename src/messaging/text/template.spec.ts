import * as fc from 'fast-check';
import {
  MissingTemplateValues,
  parseTemplate,
  render,
  TemplateMalformed,
  UnknownTemplateVariables,
} from './template.js';
import { isTemplateVariable, variablesFor } from './variables.js';

const usd = { amount: 8500, currency: 'USD' };
const fill = (source: string, values: Parameters<typeof render>[1], locale?: string): string =>
  render(parseTemplate(source), values, locale);
const refusal = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('a template', () => {
  it('is filled with the values of its variables', () => {
    expect(
      fill('Hi {name}! {service} at {time}.', { name: 'Ada', service: 'Haircut', time: '9:00 AM' }),
    ).toBe('Hi Ada! Haircut at 9:00 AM.');
  });

  it('lists its variables once each', () => {
    expect(parseTemplate('{name}, {time}, {name} {when}').variables).toEqual(['name', 'time', 'when']);
  });

  it('without variables is printed as it stands', () => {
    expect(fill('No holes, $5 and $ signs.', {})).toBe('No holes, $5 and $ signs.');
    expect(fill('', {})).toBe('');
  });

  it('refuses every unknown variable by name, as a refusal of the field', () => {
    const error = refusal(() => parseTemplate('{nmae} {time} {toString} {} {nmae} {Name}'));
    expect(error).toBeInstanceOf(UnknownTemplateVariables);
    expect(error).toMatchObject({ names: ['nmae', 'toString', '', 'Name'], code: 'validation-failed' });
    expect(error).toMatchObject({ extras: { errors: [{ pointer: '/body', code: 'unknown-variable' }] } });
  });

  it('refuses a variable that is not known for its kind of message', () => {
    expect(() => parseTemplate('{refund}', variablesFor('booking_confirmed'))).toThrow(
      UnknownTemplateVariables,
    );
    expect(() => parseTemplate('{manageUrl}', variablesFor('staff_booking_new'))).toThrow(
      UnknownTemplateVariables,
    );
    expect(parseTemplate('{refund}', variablesFor('booking_cancelled_refund')).variables).toEqual(['refund']);
    expect(parseTemplate('{manageUrl}', variablesFor('booking_confirmed')).variables).toEqual(['manageUrl']);
  });

  it.each(['{name', 'name}', '{{name}}', '{name}}', '{na{me}}', 'a } b'])(
    'refuses stray and nested braces: %s',
    (source) => {
      expect(() => parseTemplate(source)).toThrow(TemplateMalformed);
    },
  );

  it('says where the stray brace is', () => {
    expect(refusal(() => parseTemplate('Hi {name'))).toMatchObject({
      extras: { errors: [{ detail: 'The "{" at character 4 has no partner.' }] },
    });
  });

  it('refuses a text longer than any message', () => {
    expect(refusal(() => parseTemplate('a'.repeat(5001)))).toMatchObject({
      extras: { errors: [{ detail: 'Longer than 5000 characters.' }] },
    });
  });

  it('forgives spaces inside the braces', () => {
    expect(fill('Hi { name }', { name: 'Ada' })).toBe('Hi Ada');
  });
});

describe('an amount', () => {
  it.each([
    ['USD', 8500, 'Amount: $85.00.'],
    ['EUR', 8500, 'Amount: €85.00.'],
    ['JPY', 500, 'Amount: ¥500.'],
    ['KWD', 1500, 'Amount: KWD 1.500.'],
  ])(
    'in %s prints with its own symbol, with or without a dollar sign before it',
    (currency, amount, text) => {
      expect(fill('Amount: ${amount}.', { amount: { amount, currency } })).toBe(text);
      expect(fill('Amount: {amount}.', { amount: { amount, currency } })).toBe(text);
    },
  );

  it('takes only the dollar sign directly before it', () => {
    expect(fill('$${amount} $ {refund} ${name}', { amount: usd, refund: usd, name: 'Ada' })).toBe(
      '$$85.00 $ $85.00 $Ada',
    );
  });

  it('is written in the reader’s language', () => {
    expect(fill('{balance}', { balance: { amount: 8500, currency: 'EUR' } }, 'de')).toBe('85,00 €');
  });
});

describe('a value', () => {
  it.each([undefined, null, '', '   ', '\n\t', '\u200b'])(
    'that is missing or blank (%j) stops the message',
    (name) => {
      const error = refusal(() => fill('Hi {name}, {time}, {amount}', { name, time: '9:00 AM' }));
      expect(error).toBeInstanceOf(MissingTemplateValues);
      expect(error).toMatchObject({ names: ['name', 'amount'], message: 'no value for name, amount' });
    },
  );

  it('is never read as a template', () => {
    expect(fill('Hi {name}', { name: '{service} ${amount} $& $1' })).toBe('Hi {service} ${amount} $& $1');
  });

  it('stays on one line and carries nothing unseen', () => {
    expect(fill('Hi {name}!', { name: ' Ada\r\nBcc: x\u0000\u202eevil\u2028\ud800 ' })).toBe(
      'Hi Ada Bcc: x evil!',
    );
  });

  it('keeps its letters, emoji included', () => {
    expect(fill('Hi {name}!', { name: 'Zoë 👩‍🎤 Õun' })).toBe('Hi Zoë 👩‍🎤 Õun!');
  });

  it('is cut at 200 characters, whole ones', () => {
    expect(fill('{name}', { name: '👋'.repeat(300) })).toBe('👋'.repeat(200));
  });

  it('that is a link is never cut', () => {
    const url = `https://lawrei.example/m/${'a'.repeat(400)}`;
    expect(fill('{manageUrl}', { manageUrl: url })).toBe(url);
    expect(() => fill('{manageUrl}', { manageUrl: url.repeat(5) })).toThrow(MissingTemplateValues);
  });

  it('of any kind never leaves a line break or an empty place behind', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const text = refusal(() => fill('<{name}>', { name }));
        if (text instanceof MissingTemplateValues) return;
        expect(text).toMatch(/^<[^\p{Cc}]+>$/u);
      }),
    );
  });
});

it('a word from JavaScript is no variable', () => {
  expect(['constructor', '__proto__', 'name'].map(isTemplateVariable)).toEqual([false, false, true]);
});
