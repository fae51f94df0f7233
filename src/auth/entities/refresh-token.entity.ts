import { defineEntity, p } from '@mikro-orm/core';
import { newId } from '../../common/ids.js';
import { Session } from './session.entity.js';

const RefreshTokenSchema = defineEntity({
  name: 'RefreshToken',
  properties: {
    id: p
      .uuid()
      .primary()
      .onCreate(() => newId()),
    sessionId: () => p.manyToOne(Session).mapToPk().joinColumn('session_id').deleteRule('cascade'),
    tokenHash: p.string().length(64).unique('refresh_token_hash_unique'),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
  indexes: [{ name: 'refresh_token_session', properties: ['sessionId'] }],
});

/** A single-use key to a session's next access token. Only the hash of its 256 bits is kept. Times are real time. */
export class RefreshToken extends RefreshTokenSchema.class {}
RefreshTokenSchema.setClass(RefreshToken);
