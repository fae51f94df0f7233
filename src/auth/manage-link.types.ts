import { hashOf, newSecretToken } from './secret-tokens.js';

/** A manage link before it is stored: the token for its holder, the hash for us. */
export interface NewManageLink {
  token: string;
  tokenHash: string;
}

/** For the statement that makes a guest's booking, which stores the link with everything else. */
export function newManageLink(): NewManageLink {
  const token = newSecretToken();
  return { token, tokenHash: hashOf(token) };
}
