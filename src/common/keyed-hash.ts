/** Hashes nobody can guess the text of without the installation's key. A port, so that modules without configuration can use it. */
export abstract class KeyedHash {
  /** 256 bits as base64url (43 characters): the same purpose and text always give the same hash. */
  abstract hmac(purpose: string, text: string): string;
}
