import { Injectable } from '@nestjs/common';

/** Tells the relay of this process, and throttled those of others, that something is due. */
@Injectable()
export class Wake {
  private listeners: (() => void)[] = [];

  onWake(listener: () => void): void {
    this.listeners.push(listener);
  }

  now(): void {
    for (const listener of this.listeners) listener();
  }
}
