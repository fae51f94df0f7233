import type { TestApp } from './test-app.js';

/** Rows and sessions are made in real time, so nobody is old in a test before they are made so. */
export async function madeLongAgo(app: Pick<TestApp, 'sql'>, customerId: string): Promise<void> {
  await app.sql(`update customer set created_at = '2010-01-01' where id = $1 or merged_into_id = $1`, [
    customerId,
  ]);
  await app.sql(
    `update session set created_at = '2010-01-01', expires_at = '2010-02-01' where customer_id = $1`,
    [customerId],
  );
}
