import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { FaultRule } from './emulator/faults.js';
import type { InboundResult, InboundText } from './emulator/twilio-inbound.js';
import { SandboxClient, type SandboxFaults, type SandboxState } from './sandbox.client.js';
import { startSandbox } from './sandbox.process.js';
import { SandboxUnavailable } from './sandbox.errors.js';

/** The sandbox of this data folder, found anew for every call: it may have been started again meanwhile. */
@Injectable()
export class Sandbox {
  private readonly logger = new Logger(Sandbox.name);

  constructor(private readonly config: Config) {}

  /** What was sent, to everybody or to one recipient. */
  state(filter: { to?: string; since?: number }): Promise<SandboxState> {
    return this.ask((client) => client.state(filter));
  }

  faults(): Promise<SandboxFaults> {
    return this.ask((client) => client.listFaults());
  }

  /** Replaces all rules. */
  setFaults(rules: FaultRule[]): Promise<SandboxFaults> {
    return this.ask((client) => client.faults(rules));
  }

  /** Answers held back are let go as well. */
  clearFaults(): Promise<void> {
    return this.ask((client) => client.clearFaults());
  }

  /** A customer sends a text; resolves when our webhook has answered. */
  receive(text: InboundText): Promise<InboundResult> {
    return this.ask((client) => client.inbound(text));
  }

  private async ask<T>(question: (client: SandboxClient) => Promise<T>): Promise<T> {
    try {
      const { httpBase } = await startSandbox({ dataDir: this.config.dataDir });
      return await question(new SandboxClient(httpBase));
    } catch (error) {
      this.logger.warn({ error: error instanceof Error ? error.message : 'unknown' });
      throw new SandboxUnavailable();
    }
  }
}
