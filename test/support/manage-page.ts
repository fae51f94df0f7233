import { Script } from 'node:vm';
import { waitFor, type TestApp } from './test-app.js';

type Listener = () => void;

/** As much of an element as the page uses. Markup can only be set where it would be seen here: there is no innerHTML. */
class Element {
  textContent = '';
  value = '';
  children: Element[] = [];
  private readonly listeners = new Map<string, Listener[]>();

  constructor(public hidden = false) {}

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  replaceChildren(...children: Element[]): void {
    this.children = children;
  }

  fire(type: string): void {
    for (const listener of this.listeners.get(type) ?? []) listener();
  }
}

/** The page of a manage link with its own script running, asking the application; what people see and press. */
export class ManagePage {
  private constructor(private readonly elements: ReadonlyMap<string, Element>) {}

  static async open(app: TestApp, token: string): Promise<ManagePage> {
    const { text } = await app.as().get('/manage');
    const elements = new Map(
      [...text.matchAll(/<(\w+) [^>]*?id="(\w+)"([^>]*)>/g)].map(([, , id = '', rest = '']) => [
        id,
        new Element(rest.includes('hidden')),
      ]),
    );
    const [, script = ''] = /<script>([^]*)<\/script>/.exec(text) ?? [];
    new Script(script).runInNewContext({
      document: {
        getElementById: (id: string) => elements.get(id),
        createElement: () => new Element(),
      },
      location: { hash: `#${token}` },
      confirm: () => true,
      fetch: async (url: string, { method = 'GET', headers, body }: RequestInit = {}) => {
        const sent = { headers: { ...(headers as Record<string, string>) }, ...(body ? { body } : {}) };
        const answer = await app.request(method, url, sent);
        return { ok: answer.status < 300, status: answer.status, json: async () => answer.body };
      },
    });
    const page = new ManagePage(elements);
    await waitFor(async () => page.text('what') !== '');
    return page;
  }

  text(id: string): string {
    return this.at(id).textContent;
  }

  /** Which of these can be seen. */
  shown(...ids: string[]): string[] {
    return ids.filter((id) => !this.at(id).hidden);
  }

  get day(): string {
    return this.at('day').value;
  }

  get times(): string[] {
    return this.at('times').children.map((time) => time.textContent);
  }

  async press(id: string, until: () => boolean): Promise<void> {
    this.at(id).fire('click');
    await waitFor(async () => until());
  }

  async choose(day: string, until: () => boolean): Promise<void> {
    this.at('day').value = day;
    this.at('day').fire('change');
    await waitFor(async () => until());
  }

  /** Presses the button of a free start. */
  async take(time: string): Promise<void> {
    const button = this.at('times').children.find(({ textContent }) => textContent === time);
    if (!button) throw new Error(`${time} is not offered, but ${this.times.join(', ')}`);
    button.fire('click');
    await waitFor(async () => this.text('note') !== '');
  }

  private at(id: string): Element {
    const element = this.elements.get(id);
    if (!element) throw new Error(`the page has no ${id}`);
    return element;
  }
}
