import type { ProblemCode, ProblemKind } from '../common/problem.catalogue.js';

/** A refusal's code as a page for people: no script, no style, readable in any browser. */
export function problemPage(code: ProblemCode, { status, title, remedy }: ProblemKind): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<h1>${escaped(title)}</h1>
<p>${escaped(remedy)}</p>
<dl>
<dt>Code</dt><dd><code>${code}</code></dd>
<dt>HTTP status</dt><dd>${status}</dd>
</dl>
<p>Programs should look at the code, which is never renamed; everything else is for people.</p>
</html>
`;
}

/** Whether the client reads pages rather than JSON: browsers name HTML, programs do not. */
export function prefersPage(accept: string | undefined): boolean {
  return accept?.includes('text/html') ?? false;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
