import { beyond, dateOfCursor } from './keyset.js';

const cursor = (at: string) => ({ at, id: '01936f2a-8a1c-7b6e-9d43-0f6a2c1b7e55' });
const at = new Date('2030-03-04T14:00:00.000Z');

describe('turning the page', () => {
  it('begins at the beginning', () => {
    expect(beyond('createdAt', null, 'asc')).toEqual({});
  });

  it('goes on after the last row, and among rows of the same moment by their ids', () => {
    const { id } = cursor('');
    expect(beyond('createdAt', cursor(at.toISOString()), 'asc')).toEqual({
      $or: [{ createdAt: { $gt: at } }, { createdAt: at, id: { $gt: id } }],
    });
    expect(beyond('startsAt', cursor(at.toISOString()), 'desc')).toEqual({
      $or: [{ startsAt: { $lt: at } }, { startsAt: at, id: { $lt: id } }],
    });
    expect(dateOfCursor(cursor(at.toISOString()))).toBe('2030-03-04');
  });

  it.each([
    '+275760-09-13T00:00:00.000Z',
    '-000001-01-01T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '1',
    'Mar 3 2030',
  ])('refuses the made-up cursor %s instead of asking the database', (made) => {
    expect(() => beyond('createdAt', cursor(made), 'asc')).toThrow('validation-failed');
    expect(() => dateOfCursor(cursor(made))).toThrow('validation-failed');
  });
});
