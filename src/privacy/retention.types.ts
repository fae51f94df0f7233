import type { DataClass } from '../database/retention.js';

/** For how many months each kind of data is kept. */
export type Rules = Readonly<Record<DataClass, number>>;

/** How many rows of each kind. */
export type Counts = Readonly<Record<DataClass, number>>;
