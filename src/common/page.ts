import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import { FieldRefused } from './domain-error.js';
import { Out } from './fields/response.fields.js';
import { Pattern } from './fields/text.fields.js';
import { Int } from './fields/value.fields.js';
import { isUuid } from './ids.js';

/** Query of every list: keyset paging, so that deep pages cost the same as the first. */
export class PageQuery {
  @Int({ min: 1, max: 100, optional: true, default: 25, description: 'How many rows' })
  limit?: number;

  @Pattern({
    pattern: /^[A-Za-z0-9_-]{8,200}$/,
    max: 200,
    optional: true,
    description: 'The `nextCursor` of the page before',
  })
  cursor?: string;
}

/** Where the next page begins: after the row with this sort value and id. */
export interface Cursor {
  at: string;
  id: string;
}

export class PageInfo {
  @Out.text({ nullable: true }) nextCursor!: string | null;
  @Out.bool() hasMore!: boolean;
}

/** One page of a list. */
export interface Page<T> {
  data: T[];
  page: PageInfo;
}

/** As `pageOf` prints it; anything else was made up, and may be beyond what PostgreSQL takes. */
const PRINTED_INSTANT = /^(19[7-9]\d|2\d{3})-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** How many rows to read: one more than shown tells whether there is another page. */
export function pageSize(query: PageQuery): number {
  return query.limit ?? 25;
}

export function readCursor(query: PageQuery): Cursor | null {
  if (!query.cursor) return null;
  const [at, id] = Buffer.from(query.cursor, 'base64url').toString('utf8').split('|');
  if (!at || !isUuid(id) || !PRINTED_INSTANT.test(at) || Number.isNaN(Date.parse(at))) {
    throw new FieldRefused('/cursor', 'cursor', 'is not a cursor that a page gave out');
  }
  return { at, id };
}

/** Cuts `rows` (read one longer than the page) to a page; `keyOf` gives the sort value of a row. */
export function pageOf<Row extends { id: string }, T>(
  rows: readonly Row[],
  query: PageQuery,
  keyOf: (row: Row) => Date,
  present: (row: Row) => T,
): Page<T> {
  const size = pageSize(query);
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  const hasMore = rows.length > size;
  const nextCursor =
    hasMore && last ? Buffer.from(`${keyOf(last).toISOString()}|${last.id}`).toString('base64url') : null;
  return { data: shown.map(present), page: { nextCursor, hasMore } };
}

/** Documents an answer that is a page of the given class. */
export function ApiPageResponse(type: Type<unknown>): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(PageInfo, type),
    ApiOkResponse({
      schema: {
        required: ['data', 'page'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(type) } },
          page: { $ref: getSchemaPath(PageInfo) },
        },
      },
    }),
  );
}
