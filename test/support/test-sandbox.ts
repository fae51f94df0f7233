import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findLiving } from '../../src/sandbox/emulator/address.js';
import { stopSandbox } from '../../src/sandbox/sandbox.process.js';

/** Ends every sandbox that still runs for a data folder below `home`. */
export async function stopSandboxesBelow(home: string): Promise<void> {
  for (const name of readdirSync(home)) {
    const living = await findLiving(join(home, name));
    if (living) await stopSandbox({ httpBase: `http://127.0.0.1:${living.port}`, pid: living.pid });
  }
}
