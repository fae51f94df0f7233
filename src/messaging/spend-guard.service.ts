import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Business } from '../business/entities/business.entity.js';
import { run } from '../database/statement.js';
import type { Message } from './entities/message.entity.js';
import { SPEND_COUNTS } from './messaging.sql.js';

/** Automatic texts to one number in 24 h: more is a loop or somebody pumping texts for money. */
export const MOST_PER_NUMBER = 20;
const LOOK_AGAIN_MS = 15 * 60_000;
/** More than all processes begin. */
const MOST_IN_A_SECOND = 500;

/** Why a text must not be paid for: for good, or until later. */
export type SpendRefusal =
  | { readonly kind: 'refuse'; readonly reason: string }
  | { readonly kind: 'wait'; readonly reason: string; readonly until: Date };

/** Texts of the last 24 h of real time: all, up to the budget, and the automatic ones to one number. Counting thousands for each text takes long. */
export interface SpendCounts {
  /** Null where they were counted just now and plenty is left. */
  readonly spent: number | null;
  readonly to_number: number;
}

/** Guards the salon's money against texts sent in bulk: countries, a daily budget, a limit per number. */
@Injectable()
export class SpendGuard {
  private plenty = { budget: 0, until: 0 };

  /** The budget of which so much was left within the last second that nobody has used it up since; null where all have to be counted. */
  plentyOf(): number | null {
    return performance.now() < this.plenty.until ? this.plenty.budget : null;
  }

  /** Null when the text may go; counts real days, whatever app time says. */
  async refusal(
    em: EntityManager,
    message: Message,
    business: Business,
    now: Date,
  ): Promise<SpendRefusal | null> {
    if (message.channel !== 'sms') return null;
    const values = [business.smsDailyBudget, message.toHash];
    const [counts] = await run<SpendCounts>(em, SPEND_COUNTS, values);
    return this.judge(message, business, counts, now);
  }

  private isInBudget({ spent }: SpendCounts, { smsDailyBudget: budget }: Business): boolean {
    if (spent === null) return true;
    if (budget - spent > MOST_IN_A_SECOND) this.plenty = { budget, until: performance.now() + 1_000 };
    return spent < budget;
  }

  /** `refusal` of a text, from what was counted before. */
  judge(
    message: Message,
    business: Business,
    counts: SpendCounts | undefined,
    now: Date,
  ): SpendRefusal | null {
    if (!isAllowedCountry(message.toAddress, business.smsCountries)) {
      return {
        kind: 'refuse',
        reason: 'Texts to the country of this number are not allowed by the settings.',
      };
    }
    if (!counts || !this.isInBudget(counts, business)) {
      return {
        kind: 'wait',
        reason: 'The daily budget for texts is used up.',
        until: new Date(now.getTime() + LOOK_AGAIN_MS),
      };
    }
    if (message.automatic && counts.to_number >= MOST_PER_NUMBER) {
      return {
        kind: 'refuse',
        reason: `This number got ${MOST_PER_NUMBER} texts within a day; more would be spam.`,
      };
    }
    return null;
  }
}

/** An empty list allows every country. Numbers that belong to no single country go by their calling code. */
export function isAllowedCountry(phone: string, countries: readonly string[]): boolean {
  if (countries.length === 0) return true;
  const number = parsePhoneNumberFromString(phone);
  if (!number) return false;
  if (number.country) return countries.includes(number.country);
  return countries.some(
    (country) => isSupportedCountry(country) && getCountryCallingCode(country) === number.countryCallingCode,
  );
}
