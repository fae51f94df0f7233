import type { TestApp } from './test-app.js';

/** What the audit log says was done to the subject, in the order it was done. */
export async function auditActionsOf(app: TestApp, subjectId: string): Promise<string[]> {
  const rows = await app.sql<{ action: string }>(
    'select action from audit_log where subject_id = $1 order by at, id',
    [subjectId],
  );
  return rows.map((row) => row.action);
}
