import { setTimeout as pause } from 'node:timers/promises';
import { OWNER } from '../support/app-process.js';

const ASK_EVERY_MS = 100;
const SIGN_IN_EVERY_MS = 3_000;
/** Tokens that are this old are still used: some were signed with the key before. */
const KEPT = 20;

/** Somebody who signs in every few seconds, and asks all the time with every token they were given lately. */
export class SignedIn {
  /** What was not answered as it should be. */
  readonly refused: string[] = [];
  asked = 0;
  private readonly tokens: string[] = [];
  private isOver = false;
  private readonly working: Promise<void>;

  constructor(private readonly url: string) {
    this.working = this.work();
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.working;
  }

  private async work(): Promise<void> {
    let signedInAt = -Infinity;
    for (let turn = 0; !this.isOver; turn += 1) {
      if (performance.now() - signedInAt >= SIGN_IN_EVERY_MS) {
        signedInAt = performance.now();
        await this.signIn();
      }
      const token = this.tokens[turn % this.tokens.length];
      if (token) await this.ask(token);
      await pause(ASK_EVERY_MS);
    }
  }

  private async signIn(): Promise<void> {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(OWNER),
    };
    const text = await this.answered('/api/auth/login', init);
    if (text) this.tokens.push((JSON.parse(text) as { accessToken: string }).accessToken);
    this.tokens.splice(0, this.tokens.length - KEPT);
  }

  private async ask(token: string): Promise<void> {
    await this.answered('/admin/settings', { headers: { authorization: `Bearer ${token}` } });
  }

  private async answered(path: string, init: RequestInit): Promise<string | null> {
    this.asked += 1;
    const answer = await fetch(`${this.url}${path}`, init).catch((error: unknown) => String(error));
    const text = typeof answer === 'string' ? answer : await answer.text();
    if (typeof answer !== 'string' && answer.ok) return text;
    this.refused.push(`${path}: ${text.slice(0, 200)}`);
    return null;
  }
}
