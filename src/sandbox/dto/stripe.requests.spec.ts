import { FieldRefused } from '../../common/domain-error.js';
import { PayRequest } from './stripe.requests.js';

const request = (fields: Partial<PayRequest>) => Object.assign(new PayRequest(), fields);

describe('the payment a person means', () => {
  it.each([{ paymentIntent: 'pi_1' }, { session: 'cs_1' }, { bookingId: 'b1' }])('is %j', (target) =>
    expect(request({ ...target, paymentMethod: 'pm_card_visa' }).toTarget()).toEqual(target),
  );

  it.each([{}, { paymentIntent: 'pi_1', bookingId: 'b1' }])('is not %j', (fields) =>
    expect(() => request(fields).toTarget()).toThrow(FieldRefused),
  );
});
