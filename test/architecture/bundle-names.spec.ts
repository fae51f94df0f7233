import { runInNewContext } from 'node:vm';
import { transformSync } from 'esbuild';
import { withoutInnerNames } from '../../scripts/build.mjs';

const SOURCE = `
var packages = {
  old(exports) {
    const Old = function () {};
    exports.Old = Old;
    exports.outer = function () {
      const one = { inner: function () { const arrow = () => 1; return arrow; } };
      function declared() {}
      return [one.inner(), declared];
    };
  },
};
class Named {
  make() {
    const arrow = async () => 'made';
    return arrow;
  }
}
const outermost = () => {};
var exported = {};
packages.old(exported);
result = { Old: exported.Old.name, Named: Named.name, outermost: outermost.name, inner: exported.outer(), made: new Named().make() };
`;

interface Made {
  Old: string;
  Named: string;
  outermost: string;
  inner: (() => unknown)[];
  made: () => Promise<string>;
}

function ran(text: string): Made {
  const context: { result: Made | null } = { result: null };
  runInNewContext(`const __same = (made) => made;\n${text}`, context);
  if (!context.result) throw new Error('it ended without a result');
  return context.result;
}

describe('names in a bundle', () => {
  const kept = transformSync(SOURCE, { keepNames: true }).code;
  const less = withoutInnerNames(kept);

  it('stay those of classes, of the old kind too, and of what is outermost', () => {
    const { Old, Named, outermost } = ran(less);
    expect({ Old, Named, outermost }).toEqual({ Old: 'Old', Named: 'Named', outermost: 'outermost' });
  });

  it('are not defined anew for each function made inside another', async () => {
    const { inner, made } = ran(less);
    expect(inner.map((one) => one.name)).toEqual(['', 'declared']);
    expect(made.name).toBe('');
    await expect(made()).resolves.toBe('made');
  });

  it('leave every line where it was, and every column of what is left', () => {
    const [before, after] = [kept.split('\n'), less.split('\n')];
    expect(after).toHaveLength(before.length);
    expect(after.map((line) => line.length)).toEqual(
      before.map((line, index) => (after[index] === '' ? 0 : line.length)),
    );
    expect(kept).not.toBe(less);
  });
});
