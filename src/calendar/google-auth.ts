import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { GoogleConfig } from '../config/config.js';
import { consentUrlOf, redeemConsent } from './google-consent.js';
import type { ConsentGiven } from './calendar.gateway.js';

/** How long a person may take on Google's page. */
const LIFE_MS = 600_000;

/**
 * Connects an account with a browser on this machine, for `GOOGLE_REFRESH_TOKEN`: listens on 127.0.0.1 until the person has decided.
 * Rejects with CalendarFailure, or with words when they said no or took longer than ten minutes.
 */
export async function askForConsent(
  config: GoogleConfig,
  { port, tell }: { port: number; tell: (line: string) => void },
): Promise<ConsentGiven> {
  const [state, verifier] = [randomBytes(24).toString('base64url'), randomBytes(32).toString('base64url')];
  const redirectUri = `http://127.0.0.1:${port}/`;
  const server = createServer();
  const answered = answerAt(server, state);
  try {
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(port, '127.0.0.1', resolve),
    );
    tell(
      `Open this page in a browser on this machine and agree:\n\n${await consentUrlOf(config, { redirectUri, state, verifier })}\n`,
    );
    const late = wait(LIFE_MS, null, { ref: false });
    const answer = await Promise.race([answered, late]);
    if (answer === null) throw new Error('Nobody agreed within ten minutes.');
    if (answer.code === null) throw new Error('The calendar was not shared on Google’s page.');
    return await redeemConsent(config, { code: answer.code, redirectUri, verifier });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The first answer that carries our state; whatever else knocks is turned away. */
function answerAt(server: Server, state: string): Promise<{ code: string | null }> {
  return new Promise((resolve) => {
    server.on('request', (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
      const isOurs = searchParams.get('state') === state;
      response
        .writeHead(isOurs ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
        .end(
          isOurs ? 'Done: go back to the terminal. You can close this page.\n' : 'There is nothing here.\n',
          () => {
            if (isOurs) resolve({ code: searchParams.get('code') });
          },
        );
    });
  });
}
