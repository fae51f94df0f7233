import { inflateSync } from 'node:zlib';

/** Bytes of Windows-1252, in which the standard fonts are written. */
const WINDOWS_1252 = new TextDecoder('windows-1252');

/** What a person reads in a PDF with standard fonts: its lines of text in the order in which they were drawn. */
export function pdfText(file: Buffer): string[] {
  return pdfStreams(file).flatMap((content) => {
    const shown = [...content.matchAll(/\[([^\]]*)\]\s*TJ/g)].map(([, pieces = '']) => pieces);
    return shown.map((pieces) =>
      [...pieces.matchAll(/<([0-9a-f]*)>/gi)]
        .map(([, hex = '']) => WINDOWS_1252.decode(Buffer.from(hex, 'hex')))
        .join(''),
    );
  });
}

/** How many pages it has. */
export function pdfPages(file: Buffer): number {
  return Number(/\/Type \/Pages\s+\/Count (\d+)/.exec(file.toString('latin1'))?.[1]);
}

function pdfStreams(file: Buffer): string[] {
  const text = file.toString('latin1');
  return [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, body = '']) => {
    try {
      return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
}
