import { Pattern } from '../../common/fields/text.fields.js';

/** 43 characters of base64url: 256 bits. */
const SECRET_TOKEN = /^[\w-]{43}$/;

export class RefreshRequest {
  @Pattern({
    pattern: SECRET_TOKEN,
    max: 43,
    description: 'The `refreshToken` of the last answer; it works once',
  })
  refreshToken!: string;
}

export class ManageSessionRequest {
  @Pattern({ pattern: SECRET_TOKEN, max: 43, description: 'What stands behind the # of a manage link' })
  token!: string;
}
