import { usesSandbox, type Config } from '../config/config.js';
import {
  SANDBOX_BOUNCE_TOKEN,
  SANDBOX_GOOGLE,
  SANDBOX_STRIPE,
  SANDBOX_TWILIO,
} from './emulator/credentials.js';
import { SandboxClient } from './sandbox.client.js';
import { startSandbox, stopSandbox } from './sandbox.process.js';

/** The configuration to run with, and how to end what was started for it. */
export interface PreparedSandbox {
  config: Config;
  stop(): Promise<void>;
}

/**
 * Brings up the sandbox where a provider of the configuration needs it, and fills in its addresses: from then on a provider in
 * the sandbox is one like any other. Only the process that started it ends it; it outlives one that was killed.
 */
export async function prepareSandbox(config: Config): Promise<PreparedSandbox> {
  if (!usesSandbox(config)) return { config, stop: async () => undefined };
  const sandbox = await startSandbox({ dataDir: config.dataDir });
  const client = new SandboxClient(sandbox.httpBase);
  await client.config({ publicUrl: config.publicUrl });
  if (config.stripe.mode === 'sandbox')
    await client.registerStripeEndpoint(`${config.publicUrl}/webhooks/stripe`);
  const { accountSid, authToken, phoneNumber: from } = SANDBOX_TWILIO;
  const twilio = {
    ...config.twilio,
    accountSid,
    authToken,
    from,
    messagingServiceSid: null,
    apiBase: sandbox.httpBase,
  };
  const { webhookSecret, ...keys } = SANDBOX_STRIPE;
  const stripe = { ...config.stripe, ...keys, webhookSecrets: [webhookSecret], apiBase: sandbox.httpBase };
  const google = {
    ...config.google,
    ...SANDBOX_GOOGLE,
    apiBase: sandbox.httpBase,
    oauthBase: sandbox.httpBase,
  };
  const smtp = { ...config.smtp, url: sandbox.smtpUrl, bounceToken: SANDBOX_BOUNCE_TOKEN };
  return {
    config: {
      ...config,
      ...(config.twilio.mode === 'sandbox' ? { twilio } : {}),
      ...(config.stripe.mode === 'sandbox' ? { stripe } : {}),
      ...(config.google.mode === 'sandbox' ? { google } : {}),
      ...(config.smtp.mode === 'sandbox' ? { smtp } : {}),
    },
    stop: () => (sandbox.adopted ? Promise.resolve() : stopSandbox(sandbox)),
  };
}
