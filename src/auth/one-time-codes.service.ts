import { timingSafeEqual } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { SIGN_IN } from '../common/actor.js';
import { newId } from '../common/ids.js';
import { networkOf } from '../common/network.js';
import { BusinessService } from '../business/business.service.js';
import { Secrets } from '../config/secrets.service.js';
import { Database } from '../database/database.service.js';
import { run } from '../database/statement.js';
import { Outbox } from '../outbox/outbox.service.js';
import { CODE_ADD, CODE_LOCK, CODE_LOCK_CONTACT, CODE_TO_SEND, CODE_TRY, CODE_USE } from './codes.sql.js';
import { codeAsked, CODE_TOPICS } from './codes.events.js';
import type { CodeChannel, CodePurpose } from './entities/one-time-code.entity.js';

/** How long a code is good for, in seconds of real time. */
export const CODE_SECONDS = 300;

const DIGITS = 6;
const MOST = {
  sms: { tenMinutes: 3, day: 6, dayFromOneNetwork: 4, hourOfNetwork: 10 },
  email: { tenMinutes: 3, day: 20, dayFromOneNetwork: 10, hourOfNetwork: 30 },
} as const;

/** Who wants to prove which contact, and for what. */
export interface CodeWish {
  readonly purpose: CodePurpose;
  readonly channel: CodeChannel;
  /** E.164 or a lower-case address. */
  readonly contact: string;
  readonly ip: string;
  /** The session it is asked in; null where it shall open one. */
  readonly sessionId: string | null;
  /** The contact that gives way to the new one, if any. */
  readonly replaces?: string | null;
}

/** What the asker keeps; it says nothing about the contact. */
export interface Challenge {
  readonly challengeId: string;
  readonly expiresIn: number;
}

/** A contact whose code was told; it counts once `use` has been called in the transaction of what it was proven for. */
export interface ProvenContact {
  readonly challengeId: string;
  readonly root: string;
  readonly channel: CodeChannel;
  readonly contact: string;
  readonly replaces: string | null;
}

/** A code on its way to a contact. */
export interface CodeToSend {
  readonly channel: CodeChannel;
  readonly contact: string;
  readonly leftMs: number;
}

/**
 * Six digits that prove a contact: derived from the challenge, good for five minutes, five tries and one use. Nothing is looked
 * up when one is asked for, so that known and unknown contacts are the same path, the same rows and the same answer.
 */
@Injectable()
export class OneTimeCodes implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly business: BusinessService,
    private readonly secrets: Secrets,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.outbox.declare(CODE_TOPICS);
  }

  /** Writes the challenge down and promises its code in the caller's transaction; beyond the limits nothing is sent. */
  async ask(em: EntityManager, wish: CodeWish): Promise<Challenge> {
    const id = newId();
    const [contactHash, networkHash] = [
      this.hashed('contact', wish.contact),
      this.hashed('network', networkOf(wish.ip)),
    ];
    const { tenMinutes, day, dayFromOneNetwork, hourOfNetwork } = MOST[wish.channel];
    await run(em, CODE_LOCK_CONTACT, [contactHash]);
    const whom = [id, wish.purpose, wish.channel, wish.contact, contactHash, networkHash];
    const where = [wish.sessionId, wish.replaces ?? null];
    const most = [tenMinutes, day, dayFromOneNetwork, hourOfNetwork, await this.mostTexts(em, wish.channel)];
    const [row] = await run<{ is_sent: boolean }>(em, CODE_ADD, [...whom, ...where, ...most]);
    if (row?.is_sent) await this.outbox.add(em, codeAsked(id));
    return { challengeId: id, expiresIn: CODE_SECONDS };
  }

  /**
   * The contact behind a challenge whose code is right, else null: unknown, of another purpose or session, too old, used up, or
   * wrong. The try is counted in a commit of its own before it is looked at.
   */
  async prove(
    challenge: { challengeId: string; code: string },
    purpose: CodePurpose,
    sessionId: string | null,
  ): Promise<ProvenContact | null> {
    const { challengeId, code } = challenge;
    const [row] = await this.database.apart(SIGN_IN, async (em) => {
      await run(em, CODE_LOCK, [challengeId]);
      return run<Omit<ProvenContact, 'challengeId'>>(em, CODE_TRY, [challengeId, purpose, sessionId]);
    });
    const expected = this.codeOf(row?.root ?? challengeId);
    const isRight = code.length === DIGITS && timingSafeEqual(Buffer.from(expected), Buffer.from(code));
    return row && isRight ? { ...row, challengeId } : null;
  }

  /** Ends the code inside the caller's transaction; false when somebody was faster. */
  async use(em: EntityManager, { root, challengeId }: ProvenContact): Promise<boolean> {
    return (await run(em, CODE_USE, [root, challengeId])).length === 1;
  }

  /** Where the code of a challenge goes, while it is of use; `leftMs` says for how long. */
  async toSend(em: EntityManager, challengeId: string): Promise<CodeToSend | null> {
    const [row] = await run<{ channel: CodeChannel; contact: string; left_ms: number }>(em, CODE_TO_SEND, [
      challengeId,
    ]);
    return row ? { channel: row.channel, contact: row.contact, leftMs: row.left_ms } : null;
  }

  /** The digits to send; whoever knows the installation's key could tell them, nobody else. */
  codeOf(challengeId: string): string {
    const bits = Buffer.from(this.secrets.hmac('one-time-code', challengeId), 'base64url');
    return String(bits.readUIntBE(0, DIGITS) % 10 ** DIGITS).padStart(DIGITS, '0');
  }

  /** Codes may use up half of the day's texts at most: reminders need the rest. */
  private async mostTexts(em: EntityManager, channel: CodeChannel): Promise<number | null> {
    if (channel === 'email') return null;
    const { smsDailyBudget } = await this.business.get(em);
    return Math.ceil(smsDailyBudget / 2);
  }

  private hashed(kind: 'contact' | 'network', text: string): string {
    return this.secrets.hmac(`one-time-code/${kind}`, text);
  }
}
