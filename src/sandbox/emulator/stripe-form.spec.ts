import { FormUnreadable, parseForm } from './stripe-form.js';

const plain = (text: string): unknown => JSON.parse(JSON.stringify(parseForm(text)));

describe('a form with brackets', () => {
  it('becomes objects and lists, however deep', () =>
    expect(
      plain(
        'amount=100&line_items[0][price_data][currency]=eur&line_items[1][quantity]=2&metadata[booking]=b1',
      ),
    ).toEqual({
      amount: '100',
      line_items: [{ price_data: { currency: 'eur' } }, { quantity: '2' }],
      metadata: { booking: 'b1' },
    }));

  it('takes a list with numbers, without, and in any order', () => {
    expect(plain('expand[]=a&expand[]=b')).toEqual({ expand: ['a', 'b'] });
    expect(plain('expand[1]=b&expand[0]=a')).toEqual({ expand: ['a', 'b'] });
  });

  it('keeps letters, signs and empty texts as they were typed', () =>
    expect(plain('name=Z%C3%B5%C3%A9+%26+Co&empty=')).toEqual({ name: 'Zõé & Co', empty: '' }));

  it('lets the last of two equal names count', () => expect(plain('a=1&a=2')).toEqual({ a: '2' }));

  it.each(['a=1&a[b]=2', 'a[b]=1&a=2', 'a[b=1', 'a]b=1', '[a]=1', 'a[b]c=1', `a${'[b]'.repeat(10)}=1`])(
    'refuses what does not fit together: %s',
    (text) => expect(() => parseForm(text)).toThrow(FormUnreadable),
  );

  it('gives no name a second meaning', () => {
    const form = parseForm('__proto__[polluted]=yes&constructor=x');
    expect({}).not.toHaveProperty('polluted');
    expect(form['constructor']).toBe('x');
    expect(form['toString']).toBeUndefined();
  });
});
