import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { ApiExtension, ApiHeader } from '@nestjs/swagger';
import { NotFound, PreconditionRequired } from './domain-error.js';
import { isUuid } from './ids.js';

export const IDEMPOTENT_METADATA = 'lawrei:idempotent';
export const ETAG_METADATA = 'lawrei:etag';
export const LIMIT_METADATA = 'lawrei:limit';

/** Marks in the OpenAPI document for what documents these routes further; they are not published. */
export const IDEMPOTENT_EXTENSION = 'x-lawrei-idempotent';
export const ETAG_EXTENSION = 'x-lawrei-etag';

/** Honours `Idempotency-Key`: the first answer is kept 48 h and given again to the same key and body. */
export const Idempotent = () =>
  applyDecorators(
    SetMetadata(IDEMPOTENT_METADATA, true),
    ApiExtension(IDEMPOTENT_EXTENSION, true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Any text of up to 255 characters; repeat it to be answered, not served, a second time',
      schema: { type: 'string', example: 'book-7f3a91c2' },
    }),
  );

/** Answers carry an `ETag`: of the `version` of the body, or a hash of it; GETs answer 304 to a matching `If-None-Match`. */
export const ETagged = (source: 'version' | 'hash' = 'version') =>
  applyDecorators(SetMetadata(ETAG_METADATA, source), ApiExtension(ETAG_EXTENSION, true));

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
  /** By what name a CDN can be told to forget it and its like. */
  surrogateKey: 'catalogue' | 'salon' | 'slots';
}
export const CacheFor = (rule: CacheRule) => SetMetadata(CACHE_METADATA, rule);

/** No row ever has it. */
const NO_VERSION = -1;

interface WithHeaders {
  headers: Record<string, string | string[] | undefined>;
}

const SentVersion = createParamDecorator(
  (need: 'required' | undefined, context: ExecutionContext): number | null => {
    const header = context.switchToHttp().getRequest<WithHeaders>().headers['if-match'];
    if (header === undefined && need === 'required') throw new PreconditionRequired();
    return typeof header === 'string' ? versionIn(header.trim()) : null;
  },
);

/**
 * The version in `If-Match`, or null when any will do: the header was not sent, or is `*`, which asks only that the thing
 * exists. Anything unreadable matches nothing, and so does a weak tag (RFC 9110 §13.1.1). `IfMatch('required')` throws
 * PreconditionRequired when the header was not sent.
 */
export const IfMatch =
  (need?: 'required'): ParameterDecorator =>
  (target, key, index) => {
    SentVersion(need)(target, key, index);
    const descriptor = key === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (key === undefined || !descriptor) return;
    ApiHeader({
      name: 'If-Match',
      required: need === 'required',
      description: 'The ETag that was read: 412 when it has changed since; `*` for any',
      schema: { type: 'string', example: '"3"' },
    })(target, key, descriptor);
  };

function versionIn(ifMatch: string): number | null {
  if (ifMatch === '*') return null;
  const version = /^"(\d{1,9})"$/.exec(ifMatch)?.[1];
  return version === undefined ? NO_VERSION : Number(version);
}

/** An id in the path; one that is no UUID can name nothing, so it is not found rather than malformed. */
export class IdPipe implements PipeTransform<unknown, string> {
  transform(value: unknown): string {
    if (!isUuid(value)) throw new NotFound();
    return value;
  }
}
