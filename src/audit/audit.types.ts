/** Which entries to list; null does not narrow. Instants are real time, `to` is not included. */
export interface AuditFilter {
  readonly action: string | null;
  readonly actorId: string | null;
  readonly subjectId: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

/** One row of the log as it is read; `at` is cut to the millisecond, ids and codes only. */
export interface AuditedEntry {
  readonly id: string;
  readonly at: Date;
  readonly actorKind: string;
  readonly actorId: string | null;
  readonly action: string;
  readonly subjectKind: string | null;
  readonly subjectId: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, AuditDetail>>;
}

export type AuditDetail = string | number | boolean | null;
