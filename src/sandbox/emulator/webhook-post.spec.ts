import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import twilio from 'twilio';
import { closeIdleConnections, postForm, stripeSignature, twilioSignature } from './webhook-post.js';

describe('a form posted to the app', () => {
  const servers: Server[] = [];
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A TCP listener's address is always an AddressInfo.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  };
  afterEach(() => {
    closeIdleConnections();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  it('is signed as Twilio’s own library expects, whatever the letters', () => {
    const params = { To: '+1', Body: 'Õhtust & 5 % "off"', Empty: '', Z: '1', a: '2' };
    const url = 'https://example.com/hook?x=%C3%95&y=1';
    expect(twilioSignature('token', url, params)).toBe(
      twilio.getExpectedTwilioSignature('token', url, params),
    );
  });

  it('is signed as Stripe’s own library signs', () => {
    const payload = '{"name":"Zõé"}';
    expect(stripeSignature('whsec_1', 1_900_000_000, payload)).toBe(
      Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_1', timestamp: 1_900_000_000 }),
    );
  });

  it('is posted afresh when the idle connection it was put on had died', async () => {
    const requestsOf = new Map<unknown, number>();
    const url = await serve((request, response) => {
      const count = (requestsOf.get(request.socket) ?? 0) + 1;
      requestsOf.set(request.socket, count);
      if (count > 1) request.socket.destroy();
      else request.resume().on('end', () => response.end('ok'));
    });
    expect(await postForm(url, { a: '1' }, {})).toEqual({ status: 200, body: 'ok', error: null });
    expect(await postForm(url, { a: '2' }, {})).toEqual({ status: 200, body: 'ok', error: null });
    expect(requestsOf.size).toBe(2);
  });

  it('reports an answer that breaks off, and an address nobody listens at', async () => {
    const url = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half');
      setImmediate(() => request.socket.destroy());
    });
    expect(await postForm(url, {}, {})).toMatchObject({ status: null, error: 'aborted' });
    const refused = { status: null, body: '', error: 'ECONNREFUSED' };
    expect(await postForm('http://127.0.0.1:1/', {}, {})).toEqual(refused);
    expect(await postForm('https://127.0.0.1:1/', {}, {})).toEqual(refused);
  });
});
