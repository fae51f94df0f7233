import type { ProviderState } from '../../messaging/channel.port.js';

const STATES: Readonly<Record<string, ProviderState>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'queued',
  sending: 'sending',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

/** Twilio's word for how far a message is; one we do not know means at least that they have it. */
export function providerStateOf(status: string | undefined): ProviderState {
  return STATES[status ?? ''] ?? 'accepted';
}
