import type { Lane } from './lanes.js';

/** A row that some worker shall claim now. */
export interface Hint {
  readonly id: string;
  readonly attempt: number;
  readonly lane: Lane;
}

/** Carries hints to the workers of all processes. It may lose any of them: whoever hints does so again while a row is due. */
export abstract class EffectWire {
  /** False while hints would go nowhere: then effects run where they are found. */
  abstract readonly isUp: boolean;
  /** Rejects when the hints were not taken. */
  abstract tell(hints: readonly Hint[]): Promise<void>;
}
