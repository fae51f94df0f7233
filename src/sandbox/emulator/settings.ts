import type { Journal, JournalEntry } from './journal.js';

const KIND = 'settings';

interface SettingsData {
  publicUrl: string | null;
  stripeEndpoint: string | null;
  stepMs: number;
}

/** What the app tells the sandbox about itself. Journalled, so that a restarted sandbox still knows whom to call. */
export class SandboxSettings {
  private data: SettingsData = { publicUrl: null, stripeEndpoint: null, stepMs: 50 };

  constructor(private readonly journal: Journal) {}

  /** Base of the app's webhooks; null until the app has said it. */
  get publicUrl(): string | null {
    return this.data.publicUrl;
  }

  /** Where Stripe's events are posted to; null until the app has said it. Stripe's calls carry no address, unlike Twilio's. */
  get stripeEndpoint(): string | null {
    return this.data.stripeEndpoint;
  }

  /** Milliseconds between two steps of a delivery where no fault says otherwise. */
  get stepMs(): number {
    return this.data.stepMs;
  }

  replay(entry: JournalEntry): void {
    // Lines of this kind are written by `write` alone; older ones may lack a setting.
    if (entry.kind === KIND) this.data = { ...this.data, ...(entry.data as SettingsData) };
  }

  /** Throws on anything but an http(s) `publicUrl` or `stripeEndpoint` and a whole, non-negative `stepMs`. */
  update(change: unknown): void {
    if (typeof change !== 'object' || change === null) throw new TypeError('expected an object');
    const next = { ...this.data };
    for (const [key, value] of Object.entries(change)) {
      if (key === 'publicUrl' && isHttpUrl(value)) next.publicUrl = value.replace(/\/+$/, '');
      else if (key === 'stripeEndpoint' && isHttpUrl(value)) next.stripeEndpoint = value;
      else if (key === 'stepMs' && Number.isSafeInteger(value) && value >= 0) next.stepMs = Number(value);
      else throw new TypeError(`not understood: ${key}`);
    }
    this.data = next;
    this.write();
  }

  /** Takes the address of Stripe's events back: nobody listens. */
  forgetStripeEndpoint(): void {
    this.data = { ...this.data, stripeEndpoint: null };
    this.write();
  }

  /** Puts the settings into an emptied journal again. */
  write(): void {
    this.journal.append(KIND, this.data);
  }
}

/** Providers refuse callback addresses they could not call. */
export function isHttpUrl(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);
}
