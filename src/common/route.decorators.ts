import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { NotFound } from './domain-error.js';
import { isUuid } from './ids.js';

export const IDEMPOTENT_METADATA = 'lawrei:idempotent';
export const ETAG_METADATA = 'lawrei:etag';
export const LIMIT_METADATA = 'lawrei:limit';

/** Honours `Idempotency-Key`: the first answer is kept 48 h and given again to the same key and body. */
export const Idempotent = () =>
  applyDecorators(
    SetMetadata(IDEMPOTENT_METADATA, true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Any text of up to 255 characters; repeat it to be answered, not served, a second time',
    }),
  );

/** Answers carry an `ETag`: of the `version` of the body, or a hash of it; GETs answer 304 to a matching `If-None-Match`. */
export const ETagged = (source: 'version' | 'hash' = 'version') => SetMetadata(ETAG_METADATA, source);

/** A traffic limit of its own for a route, on top of the general one: `max` requests in `seconds` for each caller. */
export interface Limit {
  name: string;
  max: number;
  seconds: number;
}
export const Limited = (limit: Limit) => SetMetadata(LIMIT_METADATA, limit);

export const ANY_QUERY_METADATA = 'lawrei:any-query';

/** For pages that people reach from messages: whatever mailers append to their address is ignored. */
export const AnyQuery = () => SetMetadata(ANY_QUERY_METADATA, true);

export const CACHE_METADATA = 'lawrei:cache';

/** How long shared caches may keep a public answer, and serve it stale while they fetch a new one; in seconds. */
export interface CacheRule {
  seconds: number;
  staleSeconds: number;
}
export const CacheFor = (seconds: number, staleSeconds: number) =>
  SetMetadata(CACHE_METADATA, { seconds, staleSeconds });

interface WithHeaders {
  headers: Record<string, string | string[] | undefined>;
}

/** The version in `If-Match`, or null when the header was not sent; anything unreadable matches nothing. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | null => {
  const header = context.switchToHttp().getRequest<WithHeaders>().headers['if-match'];
  if (typeof header !== 'string') return null;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header.trim())?.[1];
  return version === undefined ? -1 : Number(version);
});

/** An id in the path; one that is no UUID can name nothing, so it is not found rather than malformed. */
export class IdPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (!isUuid(value)) throw new NotFound();
    return value;
  }
}
