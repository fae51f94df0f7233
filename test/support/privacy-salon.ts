import { theOwner } from './factories.js';
import { openSalon, type OpenSalon } from './salon.js';
import { TestApp, type Caller } from './test-app.js';
import { FRIDAY_9 } from './texting.js';

interface PrivacySalon {
  app: TestApp;
  salon: OpenSalon;
  owner: Caller;
}

/** A salon with room for everybody who is forgotten in a file of tests, and its owner; a provider that answers at once. */
export async function privacySalon(): Promise<PrivacySalon> {
  const app = await TestApp.start();
  await app.sandbox.config({ stepMs: 1 });
  await app.timeIs(FRIDAY_9);
  const salon = await openSalon(app, { staff: 12 });
  return { app, salon, owner: app.as(await theOwner(app)) };
}
