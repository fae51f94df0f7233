import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { IntegrationStatusBoard } from './integration-status.service.js';
import { RecurringWork } from './recurring-work.service.js';
import { Relay } from './relay.js';

const EVERY_MS = 10_000;

/** Tells the status board that somebody here looks for due effects, so that a salon without a worker shows. */
@Injectable()
export class Heartbeat implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly relay: Relay,
    private readonly board: IntegrationStatusBoard,
    private readonly recurring: RecurringWork,
  ) {}

  onModuleInit(): void {
    this.recurring.every(EVERY_MS, 'heartbeat', () => this.beat());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.beat();
  }

  /** Silent while the relay is stuck or serves no effects here: a timer that still fires proves nothing. */
  async beat(): Promise<void> {
    if (this.relay.isLooking()) await this.board.succeeded('worker');
  }
}
