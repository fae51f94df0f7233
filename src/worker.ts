import { boot } from './boot.js';
import { loadConfig } from './config/config.js';
import { runUntilSignal } from './run-until-signal.js';

await runUntilSignal(async (say) => {
  const config = { ...loadConfig(), role: 'worker' as const };
  const running = await boot(config, say);
  say(`The worker is ready; its health is at http://${config.host}:${config.port}/health/ready`);
  return running;
});
