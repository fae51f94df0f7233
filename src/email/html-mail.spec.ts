import { htmlOf } from './html-mail.js';

describe('the page of an e-mail', () => {
  it('has the paragraphs and lines of its text', () => {
    const html = htmlOf('Hi', 'Hi Ada,\n\none\ntwo\n\n- Salon');
    expect(html).toContain('<p>Hi Ada,</p>\n<p>one<br>\ntwo</p>\n<p>- Salon</p>');
    expect(html).toContain('<title>Hi</title>');
  });

  it('leads where its links lead, and does not spell out what makes them secret', () => {
    const html = htmlOf(
      '',
      'Change it: https://salon.example/manage#t0ken. Or call (https://salon.example/a?b=1&c=2).',
    );
    expect(html).toContain(
      '<a href="https://salon.example/manage#t0ken">https://salon.example/manage</a>. Or call (',
    );
    expect(html).toContain('<a href="https://salon.example/a?b=1&amp;c=2">https://salon.example/a</a>).');
  });

  it('shows what people wrote as they wrote it, and runs none of it', () => {
    const html = htmlOf('<b>', '<script>alert(1)</script> & "x" https://a.example/"onclick="x');
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;');
    expect(html).toContain('<title>&lt;b&gt;</title>');
    expect(html).not.toMatch(/<script|href="[^"]*"onclick/);
  });
});
