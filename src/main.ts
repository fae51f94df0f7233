import { boot } from './boot.js';
import { loadConfig } from './config/config.js';
import { runUntilSignal } from './run-until-signal.js';

await runUntilSignal(async (say) => {
  const config = loadConfig();
  const running = await boot(config, say);
  say(`Lawrei is ready at ${config.publicUrl}; documentation at ${config.publicUrl}/docs`);
  return running;
});
