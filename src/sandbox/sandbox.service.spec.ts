import { Logger } from '@nestjs/common';
import { loadConfig } from '../config/config.js';
import { SandboxUnavailable } from './sandbox.errors.js';
import { Sandbox } from './sandbox.service.js';

describe('a sandbox that does not come up', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('is said in words, not as a mistake of the program', async () => {
    const sandbox = new Sandbox(loadConfig({ LAWREI_DATA_DIR: '/dev/null/nowhere' }));
    await expect(sandbox.state({})).rejects.toThrow(SandboxUnavailable);
  });
});
