import { createHash } from 'node:crypto';
import { SCRIPT } from './manage-page.script.js';

const STYLE = `
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem; color: #222; background: #fff }
button, input { font: inherit; padding: .5rem 1rem }
button { cursor: pointer }
#times { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1rem }
`;

/** Where the link in a message leads: shows the booking's service and time, and lets the guest move or cancel it. */
export const MANAGE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>Your appointment</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Your appointment</h1>
<p id="what">One moment …</p>
<p id="when"></p>
<p id="state"></p>
<button id="move" hidden>Move it</button>
<button id="cancel" hidden>Cancel it</button>
<section id="elsewhere" aria-label="Another time" hidden>
<p><label>On <input id="day" type="date"></label></p>
<div id="times"></div>
</section>
<p id="note" role="status"></p>
<noscript>This page needs JavaScript, because your link is opened here and not on the way.</noscript>
<script>${SCRIPT}</script>
</body>
</html>
`;

const sourceOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Runs the page's own script and style, byte for byte, and talks to this server alone. */
export const MANAGE_PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${sourceOf(SCRIPT)}`,
  `style-src ${sourceOf(STYLE)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
