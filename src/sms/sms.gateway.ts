import { ChannelPort } from '../messaging/channel.port.js';

/** The SMS provider: what messaging asks of every channel, and the proof that a webhook comes from it. */
export abstract class SmsGateway extends ChannelPort {
  /** Whether the provider signed this form, posted to this path and query of ours. Never looks at the Host header. */
  abstract isSignedByProvider(
    signature: string,
    originalUrl: string,
    form: Readonly<Record<string, unknown>>,
  ): Promise<boolean>;
}
