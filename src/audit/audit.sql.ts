import { statement } from '../database/statement.js';

export const AUDIT_INSERT = statement(
  'audit-insert',
  `insert into audit_log (id, actor_kind, actor_id, action, subject_kind, subject_id, request_id, details)
   values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)`,
);

export const AUDIT_ENSURE_MONTHS = statement(
  'audit-ensure-months',
  `select audit_log_ensure_month(current_date), audit_log_ensure_month((current_date + interval '1 month')::date)`,
);
