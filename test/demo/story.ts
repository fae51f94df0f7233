import assert from 'node:assert/strict';

/** A JSON answer, read the way any client would. */
// eslint-disable-next-line typescript/no-explicit-any
type Json = any;

/** What came back, with its status. */
export interface Reply {
  status: number;
  body: Json;
}

/** Tells what happens in plain words and speaks HTTP to the instance. */
export class Story {
  private steps = 0;
  private readonly shown = new Map<string, number>();

  constructor(private readonly url: string) {}

  /** The next step, in a sentence. */
  tell(sentence: string): void {
    this.steps += 1;
    console.log(`\n${String(this.steps).padStart(2)}. ${sentence}`);
  }

  /** A detail of the step. */
  show(line: string): void {
    console.log(`    ${line}`);
  }

  /** One request; fails the demo when the status is not the expected one. */
  async ask(
    method: string,
    path: string,
    expected: number,
    options: { token?: string; body?: unknown } = {},
  ): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    const body: Json = text === '' ? null : JSON.parse(text);
    assert.equal(response.status, expected, `${method} ${path} answered ${response.status}: ${text}`);
    return { status: response.status, body };
  }

  /** Waits until the phone has received as many texts, and shows the new ones. */
  async texts(to: string, count: number): Promise<string[]> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { body } = await this.ask('GET', '/sandbox', 200);
      const texts: string[] = body.sms
        .filter((sms: Json) => sms.to === to)
        .map((sms: Json) => String(sms.body));
      if (texts.length >= count) {
        assert.equal(texts.length, count, `${to} received more texts than expected: ${texts.join(' | ')}`);
        for (const text of texts.slice(this.shown.get(to) ?? 0)) this.show(`📱 ${to}: “${text}”`);
        this.shown.set(to, texts.length);
        return texts;
      }
      if (Date.now() > deadline) throw new Error(`${to} received ${texts.length} texts instead of ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Waits until it holds; `what` says in words what did not come true. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!(await holds())) {
      if (Date.now() > deadline) throw new Error(`it did not come true that ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Moves the sandbox's clock; everything due until then happens. */
  async clock(now: string): Promise<void> {
    await this.ask('POST', '/sandbox/clock', 200, { body: { now } });
  }
}
