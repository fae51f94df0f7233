import { hashPassword, isPassword, refuseWeak, WeakPassword } from './passwords.js';

const refused = (password: string) => () => refuseWeak(password, 'marion@salon.example');

describe('a password', () => {
  it.each([
    'short',
    'elevenchars',
    'x'.repeat(129),
    'password1234',
    'Password!2030',
    'passwordpassword',
    'qwertyqwerty',
    'Administrator1',
    '123456789012',
    '2030-03-04-05',
    'aaaaaaaaaaaa',
    'abababababab',
    'marion123456',
    'marion@salon.example',
  ])('is refused when it is too short, too long or tried first: %s', (password) => {
    expect(refused(password)).toThrow(WeakPassword);
  });

  it.each([
    'correct horse battery',
    'welcome to the salon',
    'пароль-надёжный',
    'k7qf-2mxw-9bzt',
    'x1'.repeat(60) + 'abc',
  ])('is taken when it is long and of one’s own: %s', (password) => expect(refused(password)).not.toThrow());

  it('is stored as argon2id with 19 MiB, two passes and one lane', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hash).not.toBe(await hashPassword('correct horse battery'));
    expect(await isPassword('correct horse battery', hash)).toBe(true);
    expect(await isPassword('correct horse batter', hash)).toBe(false);
  });

  it('is no password at all without an account, after the same work', async () => {
    const began = performance.now();
    expect(await isPassword('anything', null)).toBe(false);
    expect(performance.now() - began).toBeGreaterThan(3);
  });
});
