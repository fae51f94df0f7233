import { withoutPersonalData } from './personal-words.js';

describe('words of an error that leave the machine', () => {
  it.each([
    ['no account ada.lovelace+salon@example.co.uk here', 'no account [e-mail] here'],
    ['<ada@example.com> bounced', '<[e-mail]> bounced'],
    ['cannot text +1 (415) 555-0100 now', 'cannot text [number] now'],
    ['Key (phone, name)=(4155550100, Ada) already exists.', 'Key (phone, name)=([value]) already exists.'],
    [`the link ${'x9_-'.repeat(11)} is over`, 'the link [token] is over'],
  ])('%s', (said, sent) => expect(withoutPersonalData(said)).toBe(sent));

  it('stay as they are where they name nobody', () => {
    const words = 'relation "booking" does not exist at character 15 (42P01)';
    expect(withoutPersonalData(words)).toBe(words);
  });
});
