import { theOwner } from '../support/factories.js';
import { bookAsGuest, openSalon } from '../support/salon.js';
import { TestApp } from '../support/test-app.js';

describe('time off written down twice from the same minute on', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({ env: { LAWREI_ROLE: 'api' } });
    await app.timeIs('2030-03-01T14:00:00Z');
  });
  afterAll(() => app.stop());

  it.each([
    ['until the same end', '2030-03-04T18:00:00-05:00'],
    ['until another end', '2030-03-04T12:00:00-05:00'],
  ])('keeps the time free all the same, %s', async (_how, end) => {
    const salon = await openSalon(app);
    const owner = app.as(await theOwner(app));
    const [staffId] = salon.staffIds;
    const start = '2030-03-04T09:00:00-05:00';
    await owner.post(`/admin/staff/${staffId}/time-off`, { start, end: '2030-03-04T18:00:00-05:00' });
    await owner.post(`/admin/staff/${staffId}/time-off`, { start, end });

    const slots = await app.as().get(`/api/slots?serviceId=${salon.serviceId}&from=2030-03-04&to=2030-03-04`);
    const booked = await bookAsGuest(app, salon, '2030-03-04T10:00:00-05:00');

    expect(slots.body.days[0].slots).toEqual([]);
    expect(booked.body.code).toBe('slot-unavailable');
  });
});
