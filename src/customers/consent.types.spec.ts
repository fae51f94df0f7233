import { decisionsAtBooking } from './consent.types.js';

const said = (decisions: ReturnType<typeof decisionsAtBooking>) =>
  Object.fromEntries(decisions.map(({ purpose, granted }) => [purpose, granted]));

describe('consent given while booking', () => {
  it('covers texts about the appointment when a phone number is given', () => {
    expect(said(decisionsAtBooking(true))).toEqual({ transactional_sms: true, reminder_sms: true });
  });

  it('is not recorded for texts when there is no phone number', () => {
    expect(decisionsAtBooking(false)).toEqual([]);
  });

  it('respects a no to reminders', () => {
    expect(said(decisionsAtBooking(true, { reminder_sms: false }))).toEqual({
      transactional_sms: true,
      reminder_sms: false,
    });
  });

  it('never implies marketing, and takes it only where it was ticked', () => {
    expect(said(decisionsAtBooking(false, { marketing_email: true }))).toEqual({ marketing_email: true });
  });

  it('names where it was given and which words were shown', () => {
    expect(decisionsAtBooking(true)[0]).toEqual({
      purpose: 'transactional_sms',
      granted: true,
      source: 'booking',
      textVersion: 'transactional-sms-1',
    });
  });
});
