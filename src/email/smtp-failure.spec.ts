import { smtpFailure } from './smtp-failure.js';

describe('an e-mail that did not go out', () => {
  it('is tried again when the server is away or busy', () => {
    expect(smtpFailure({ code: 'ESOCKET', responseCode: 451 })).toMatchObject({
      kind: 'retry',
      code: 451,
      mayHaveBeenSent: false,
    });
    expect(smtpFailure({ code: 'EDNS' })).toMatchObject({ kind: 'retry', mayHaveBeenSent: false });
    expect(smtpFailure({ code: 'ECONNECTION' })).toMatchObject({ kind: 'retry' });
  });

  it('is given up when the server refuses it for good', () => {
    expect(smtpFailure({ code: 'EMESSAGE', responseCode: 550 })).toMatchObject({
      kind: 'permanent',
      code: 550,
    });
  });

  it('is tried again when the password is wrong, since the owner may correct it', () => {
    expect(smtpFailure({ code: 'EAUTH', responseCode: 535 })).toMatchObject({ kind: 'retry' });
  });

  it('is unknown when the line broke without an answer', () => {
    expect(smtpFailure({ code: 'ETIMEDOUT' })).toMatchObject({ kind: 'unknown', mayHaveBeenSent: true });
    expect(smtpFailure(new Error('socket hang up'))).toMatchObject({ kind: 'unknown' });
    expect(smtpFailure('strange')).toMatchObject({ kind: 'unknown' });
  });
});
