import { flushCompileCache } from 'node:module';
import { installFailpoints } from '../../src/common/failpoint.js';

/*
 * The application that dies on demand: told over IPC (or LAWREI_FAILPOINT=name[:nth[:signal]]) at which named place, it is killed
 * the nth time it passes there, as hard as a machine that loses power; or stopped by SIGSTOP, until somebody lets it go on.
 */

let armed: { point: string; left: number; signal: NodeJS.Signals } | null = null;

function arm(text: string): void {
  const [point = '', nth = '1', signal] = text.split(':');
  armed = { point, left: Number(nth), signal: signal === 'SIGSTOP' ? signal : 'SIGKILL' };
}

installFailpoints((point) => {
  if (armed?.point !== point) return;
  armed.left -= 1;
  if (armed.left > 0) return;
  const { signal } = armed;
  armed = null;
  process.kill(process.pid, signal);
});
if (process.env['LAWREI_FAILPOINT']) arm(process.env['LAWREI_FAILPOINT']);
process.on('message', (text) => {
  arm(String(text));
  process.send?.('armed');
});
// Whoever started this one is gone.
process.on('disconnect', () => process.exit(1));

await import('../../src/main.js');
// Most of these do not live to write it at their end.
flushCompileCache();
