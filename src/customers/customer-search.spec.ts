import { matching } from './customer-search.js';

describe('searching for a customer', () => {
  it('shows everybody when nothing is typed', () => {
    expect([matching(undefined), matching('  ')]).toEqual([{}, {}]);
  });

  it('looks at the beginning of first and last names and of the e-mail', () => {
    expect(matching('Lov')).toEqual({
      $or: [{ name: { $ilike: 'Lov%' } }, { name: { $ilike: '% Lov%' } }, { email: { $like: 'lov%' } }],
    });
  });

  it('finds a number however it is written', () => {
    expect(matching('555 010-0')).toMatchObject({
      $or: expect.arrayContaining([{ phone: { $like: '%5550100%' } }]),
    });
    expect(matching('+1 (500) 555')).toMatchObject({
      $or: expect.arrayContaining([{ phone: { $like: '+1500555%' } }]),
    });
  });

  it('does not look through all numbers for one or two digits', () => {
    expect(JSON.stringify(matching('12'))).not.toContain('phone');
  });

  it('takes signs with a meaning in the database as themselves', () => {
    expect(matching('50%_')).toMatchObject({
      $or: expect.arrayContaining([{ name: { $ilike: '50\\%\\_%' } }]),
    });
  });
});
