/** The real time at which the row of an id was made: ids begin with its milliseconds (UUID version 7). */
export function madeAt(id: string): string {
  return `to_timestamp(('x' || left(replace(${id}::text, '-', ''), 12))::bit(48)::bigint / 1000.0)`;
}

/** The smallest id that could have been made so many seconds ago, in real time. */
export function idOfAgo(seconds: number): string {
  return `(lpad(to_hex(floor(extract(epoch from now() - interval '${seconds} seconds') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;
}
