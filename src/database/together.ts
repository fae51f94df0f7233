import { isAborted } from './errors.js';

type Results<T extends readonly unknown[]> = { -readonly [Index in keyof T]: Awaited<T[Index]> };

/**
 * Waits for statements that were sent together. When the first fails, PostgreSQL refuses the others for that alone, and
 * such a refusal must not hide the cause: whether to try again depends on it.
 */
export async function together<T extends readonly unknown[] | []>(sent: T): Promise<Results<T>> {
  const failed: unknown[] = [];
  const statements: readonly unknown[] = sent;
  for (const result of await Promise.allSettled(statements)) {
    if (result.status === 'rejected') failed.push(result.reason);
  }
  if (failed.length > 0) throw failed.find((reason) => !isAborted(reason)) ?? failed[0];
  return Promise.all(sent);
}
