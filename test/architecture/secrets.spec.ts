import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import { filesOf } from './source-files.js';

/** Everything that is committed and written by people; what is installed and built is not ours. */
const WRITTEN = [
  '{src,test,docs,docker,scripts}/**/*.{ts,mjs,md,json,yaml,sql}',
  '{docker,.}/*file',
  '*.{json,mjs,ts,md}',
  '.{env.example,npmrc,swcrc,gitignore,oxlintrc.json,oxfmtrc.json}',
];
async function secretsIn(path: string, content: string): Promise<string[]> {
  const { messages } = await lintSource({
    source: { content, filePath: path, ext: '.txt', contentType: 'text' },
    options: { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] } },
  });
  return messages.map(({ messageId, loc }) => `${path}:${loc.start.line} ${messageId}`);
}

/** Made here, so that no file holds what looks like one. */
const PLANTED: Readonly<Record<string, string>> = {
  'a private key': `-----BEGIN ${'RSA'} PRIVATE KEY-----\nMIIEpAIBAAKCAQEA${'ab12'.repeat(60)}\n-----END ${'RSA'} PRIVATE KEY-----`,
  'a cloud’s key': ['AWS_SECRET_ACCESS', `KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCY${'Zq3'}MPLEKEZ`].join('_'),
  'a token of a forge': ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_'),
  'a key of a mailer': ['SG', 'a'.repeat(22), 'b'.repeat(43)].join('.'),
  'a live key of Stripe': ['sk', 'live', '51HxYz'.repeat(5)].join('_'),
};

describe('secrets', () => {
  it.each(Object.keys(PLANTED))('of the kind of %s are found', async (kind) => {
    expect(await secretsIn('planted', PLANTED[kind] ?? '')).toHaveLength(1);
  });

  it('are in no file', async () => {
    const files = filesOf(...WRITTEN).filter(({ path }) => path !== 'package-lock.json');
    expect(files.length).toBeGreaterThan(900);
    const found = await Promise.all(files.map(({ path, text }) => secretsIn(path, text)));
    expect(found.flat()).toEqual([]);
  });
});
