import { Out } from '../../common/fields/response.fields.js';
import type { ConsentPage } from '../calendar-consent.service.js';

/** Google's page on which an account is connected. */
export class ConsentPageResponse {
  @Out.text({ example: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=…' }) url!: string;
  @Out.instant({ description: 'Real time' }) expiresAt!: string;

  static from({ url, expiresAt }: ConsentPage): ConsentPageResponse {
    return { url, expiresAt: expiresAt.toISOString() };
  }
}
