import { Email, Secret } from '../../common/fields/text.fields.js';
import { LONGEST_PASSWORD } from '../passwords.js';

export class LoginRequest {
  @Email({ example: 'owner@lawrei.example' }) email!: string;
  @Secret({ min: 1, max: LONGEST_PASSWORD }) password!: string;
}
