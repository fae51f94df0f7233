import { SetMetadata } from '@nestjs/common';

export const CHECKUP_METADATA = 'lawrei:checkup';

/** One thing that `doctor` found: what it is, and what to do about it where something is. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'failure';
  readonly says: string;
  readonly remedy?: string;
}

/** Looks at one part of an installation, for real: it may call providers, and changes nothing. */
export interface Checkup {
  /** As the list calls it, such as `twilio`. */
  readonly part: string;
  /** Never rejects for what it looks at: that is a finding. */
  examine(): Promise<Finding[]>;
}

/** Has a provider of this kind asked by `doctor`; found by discovery, because operations import no integration. */
export const ExaminedByDoctor = () => SetMetadata(CHECKUP_METADATA, true);

export const ok = (says: string): Finding => ({ state: 'ok', says });
export const warning = (says: string, remedy: string): Finding => ({ state: 'warning', says, remedy });
export const failure = (says: string, remedy: string): Finding => ({ state: 'failure', says, remedy });

/** What to say of an integration that is not really there; null where it is live and can be looked at. */
export function notLive(mode: 'live' | 'sandbox' | 'unconfigured', without: string): Finding | null {
  if (mode === 'live') return null;
  return mode === 'sandbox'
    ? ok('The sandbox stands in for it: nothing leaves this machine.')
    : warning(`It is not configured: ${without}`, 'Set its variables; .env.example explains each.');
}
