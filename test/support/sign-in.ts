import { fromAddress } from './factories.js';
import type { Answer, TestApp } from './test-app.js';

let addresses = 0;

/** An address nobody in this file has called from: those who guess from one are made to wait there. */
export const freshAddress = () =>
  `198.51.${100 + Math.floor((addresses += 1) / 250)}.${(addresses % 250) + 1}`;

/** Signing in with e-mail and password, from an address of its own unless one is given. */
export const signInFrom = (app: TestApp, email: string, password: string, address = freshAddress()) =>
  fromAddress(app, address).post('/api/auth/login', { email, password });

/** What a refusal says, but for the request it answers. */
export const said = ({ status, body }: Pick<Answer, 'status' | 'body'>) => ({
  ...body,
  status,
  requestId: '',
  instance: '',
});
