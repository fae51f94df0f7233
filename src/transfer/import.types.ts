import type { EntityManager } from '@mikro-orm/postgresql';
import type { FieldViolation } from '../common/domain-error.js';

/** What a file brought, or would have brought. */
export interface ImportReport {
  /** False when nothing was changed: it was tried only. */
  readonly applied: boolean;
  readonly rows: number;
  readonly created: number;
  /** Lines that say what is known already, or that need not be known. */
  readonly skipped: number;
  readonly errors: readonly FieldViolation[];
  readonly ignoredColumns: readonly string[];
}

/** One line by the names of its columns; empty cells are left out. */
export type Cells = Readonly<Record<string, string>>;

/** What is special about a kind of file. */
export interface ImportPlan {
  /** As the audit log calls it. */
  readonly action: string;
  readonly columns: readonly string[];
  readonly required: readonly string[];
  /** Most lines of one file. */
  readonly most: number;
  /** Brings one line in. Throws DomainError for one that cannot be. */
  readonly bring: (em: EntityManager, cells: Cells) => Promise<'created' | 'skipped'>;
}
