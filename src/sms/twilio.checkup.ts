import { Injectable } from '@nestjs/common';
import {
  ExaminedByDoctor,
  failure,
  notLive,
  ok,
  warning,
  type Checkup,
  type Finding,
} from '../common/checkup.js';
import { Config } from '../config/config.js';
import { loadTwilio, TwilioRefusal, type TwilioSdk } from './twilio-client.js';

const INBOUND = '/webhooks/twilio/inbound';

/** Whether Twilio lets us in, the number is ours and can text, and customers' answers come here. */
@Injectable()
@ExaminedByDoctor()
export class TwilioCheckup implements Checkup {
  readonly part = 'twilio';

  constructor(private readonly config: Config) {}

  async examine(): Promise<Finding[]> {
    const { mode } = this.config.twilio;
    const absent = notLive(mode, 'texts wait until it is.');
    if (absent) return [absent];
    try {
      const sdk = await loadTwilio(this.config.twilio);
      return [await this.account(sdk), ...(await this.number(sdk))];
    } catch (error) {
      return [refusal(error)];
    }
  }

  private async account({ client }: TwilioSdk): Promise<Finding> {
    const { status, type } = await client.api.v2010.accounts(this.config.twilio.accountSid).fetch();
    if (status !== 'active')
      return failure(`The account is ${status}.`, 'Open the Twilio console; it says what is missing.');
    return type === 'Trial'
      ? warning(
          'The account is on trial: it texts verified numbers only.',
          'Upgrade it before customers book.',
        )
      : ok('Twilio lets us in; the account is active.');
  }

  private async number({ client }: TwilioSdk): Promise<Finding[]> {
    const { from, messagingServiceSid } = this.config.twilio;
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: from, limit: 1 });
    if (!number)
      return [
        failure(`The account has no number ${from}.`, 'Set TWILIO_PHONE_NUMBER to one of its numbers.'),
      ];
    const texts = number.capabilities.sms
      ? ok(`${from} is the account’s and can text.`)
      : failure(`${from} cannot text.`, 'Buy a number that can, and set TWILIO_PHONE_NUMBER.');
    const wanted = `${this.config.publicUrl}${INBOUND}`;
    if (messagingServiceSid !== null)
      return [
        texts,
        ok(`Texts go through ${messagingServiceSid}; let its incoming messages call ${wanted}.`),
      ];
    return [
      texts,
      number.smsUrl === wanted
        ? ok('What customers answer comes here.')
        : warning(
            `What customers answer goes to ${number.smsUrl || 'nobody'}.`,
            `Set the number’s “A message comes in” to ${wanted}, HTTP POST.`,
          ),
    ];
  }
}

function refusal(error: unknown): Finding {
  if (error instanceof TwilioRefusal && error.status === 401)
    return failure('Twilio does not let us in.', 'Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.');
  const words = error instanceof Error ? error.message : 'It failed for an unknown reason.';
  return failure(`Twilio could not be asked: ${words}.`, 'Check this machine’s way to api.twilio.com.');
}
