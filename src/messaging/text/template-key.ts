import { MESSAGE_CHANNELS, TEMPLATE_NAMES, type MessageChannel, type TemplateName } from './families.js';
import { SEED_TEMPLATES, type SeedTemplate } from './seed-templates.js';

/** Which template a key names. */
export interface TemplateKey {
  readonly key: string;
  readonly channel: MessageChannel;
  readonly name: TemplateName;
  readonly language: string;
}

const SHIPPED: ReadonlyMap<string, SeedTemplate> = new Map(SEED_TEMPLATES.map((seed) => [seed.key, seed]));
const LANGUAGE = /^[a-z]{2}$/;

/** What the product ships with under a key, if anything. */
export function shippedTemplate(key: string): SeedTemplate | null {
  return SHIPPED.get(key) ?? null;
}

/** Null when the key names no message that is sent that way, or no language. */
export function readTemplateKey(key: string): TemplateKey | null {
  const [channelPart, namePart, language = '', ...rest] = key.split('.');
  const channel = MESSAGE_CHANNELS.find((known) => known === channelPart);
  const name = TEMPLATE_NAMES.find((known) => known === namePart);
  if (!channel || !name || rest.length > 0 || !LANGUAGE.test(language)) return null;
  // A message that goes out in no language this way would never be asked for.
  return SHIPPED.has(`${channel}.${name}.en`) ? { key, channel, name, language } : null;
}
