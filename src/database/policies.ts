/**
 * Staff and the system see every row; customers and guests see their own; no context sees none. Who acts is a query of its own, so that
 * it is asked once and not for each row, and so that the planner expects to see many rows instead of hardly any.
 */
const ALL = `(select current_setting('app.actor_kind', true) in ('staff', 'system'))`;
const CUSTOMER = `(select nullif(current_setting('app.customer_id', true), '')::uuid as id)`;
const BOOKING = `(select nullif(current_setting('app.booking_id', true), '')::uuid as id)`;

/** Row-level security for a table with a customer's data: `name` is the policy's; columns say whose row it is. */
export function ownRows(name: string, columns: { customer: string; booking?: string }) {
  const guest = columns.booking ? ` or ${columns.booking} = ${BOOKING}` : '';
  const rule = `${ALL} or ${columns.customer} = ${CUSTOMER}${guest}`;
  return {
    rowLevelSecurity: 'force' as const,
    policies: [{ name, using: rule, check: rule }],
  };
}
