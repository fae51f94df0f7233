const BODY =
  'margin:0;background:#f4f4f5;font:16px/1.5 system-ui,-apple-system,Segoe UI,sans-serif;color:#18181b';
const CARD = 'max-width:34rem;margin:0 auto;padding:1.5rem;background:#ffffff';
const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

/** The text of an e-mail as a page: its paragraphs and links, no picture, no script, nothing fetched from anywhere. */
export function htmlOf(subject: string, text: string): string {
  const paragraphs = text.trim().split(/\n{2,}/);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(subject)}</title>
</head>
<body style="${BODY}">
<div style="${CARD}">
${paragraphs.map((paragraph) => `<p>${paragraph.split('\n').map(linked).join('<br>\n')}</p>`).join('\n')}
</div>
</body>
</html>
`;
}

/** Links are shown without what makes them secret: nobody reads sixty random letters. */
function linked(line: string): string {
  let html = '';
  let end = 0;
  for (const { 0: link, index } of line.matchAll(LINK)) {
    const shown = link.replace(/[?#].*$/, '');
    html += `${escaped(line.slice(end, index))}<a href="${escaped(link)}">${escaped(shown)}</a>`;
    end = index + link.length;
  }
  return html + escaped(line.slice(end));
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
