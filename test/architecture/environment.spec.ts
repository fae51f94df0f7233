import { filesOf } from './source-files.js';

/** A variable in capitals followed by its type: how src/config/environment.ts declares one. */
const declared = filesOf('src/config/environment.ts').flatMap(({ text }) =>
  [...text.matchAll(/\b([A-Z][A-Z0-9_]+)\?: /g)].map((match) => match[1]),
);

const explained = filesOf('.env.example').flatMap(({ text }) =>
  [...text.matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]),
);

describe('.env.example', () => {
  it('explains every variable that is read, and no other', () => {
    expect(declared).toContain('DATABASE_URL');
    expect(explained.toSorted()).toEqual(declared.toSorted());
  });

  it('holds no value: a copied example is the default', () => {
    const [example] = filesOf('.env.example');
    expect(example?.text).not.toMatch(/^[A-Z][A-Z0-9_]+=.+$/m);
  });
});
