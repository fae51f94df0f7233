import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Config } from './config.js';
import { keptSecret } from './kept-secret.js';

const CIPHER = 'aes-256-gcm';
const VERSION = 'v1';
const NONCE_BYTES = 12;

/** Keys derived from `ENCRYPTION_KEY`, one for each purpose, so that no two uses of it can be played against each other. */
@Injectable()
export class Secrets {
  private readonly root: string;
  private readonly keys = new Map<string, Buffer>();

  constructor(config: Config) {
    if (config.production && config.encryptionKey === null)
      throw new Error('ENCRYPTION_KEY must be set in production');
    this.root =
      config.encryptionKey ??
      keptSecret(config.dataDir, 'encryption.key', () => randomBytes(48).toString('base64url'));
  }

  /** A keyed hash (256 bits, base64url): the same text gives the same hash, and nobody without the key can guess which text. */
  hmac(purpose: string, text: string): string {
    return createHmac('sha256', this.keyFor(`hmac/${purpose}`))
      .update(text)
      .digest('base64url');
  }

  /** Encrypts a text for storage (AES-256-GCM); the same text looks different every time. */
  seal(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.keyFor('seal'), nonce);
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [
      VERSION,
      nonce.toString('base64url'),
      cipher.getAuthTag().toString('base64url'),
      data.toString('base64url'),
    ].join('.');
  }

  /** The text that was sealed; throws when a bit of it was changed or the key is another one. */
  open(sealed: string): string {
    const [version, nonce, tag, data] = sealed.split('.');
    if (version !== VERSION || !nonce || !tag || data === undefined)
      throw new Error('this is not a sealed text');
    const decipher = createDecipheriv(CIPHER, this.keyFor('seal'), Buffer.from(nonce, 'base64url'), {
      authTagLength: 16,
    });
    decipher.setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64url')), decipher.final()]).toString(
      'utf8',
    );
  }

  private keyFor(purpose: string): Buffer {
    let key = this.keys.get(purpose);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', this.root, 'lawrei', purpose, 32));
      this.keys.set(purpose, key);
    }
    return key;
  }
}
