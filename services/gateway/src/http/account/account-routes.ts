import { auth } from '@conclave/contracts';
import { deviceCookie, sessionCookie } from '../../session/session-cookie.js';
import { rpcRoute, type Exchange } from '../route.js';

const { createAccount } = auth.AccountsService.method;

/** What the gateway tells of a browser, for throttles, the list of sessions, and the session that ends when another begins. */
export const browser = {
  userAgent: ({ client }: Exchange) => client.userAgent,
  clientAddress: ({ client }: Exchange) => client.address,
  deviceToken: ({ cookie }: Exchange) => cookie(deviceCookie) ?? '',
  formerSessionToken: ({ cookie }: Exchange) => cookie(sessionCookie) ?? '',
};

/** Signing up. */
export const accountRoutes = [
  rpcRoute({
    name: 'signUp',
    method: 'POST',
    path: '/account',
    access: 'public',
    limit: 'sign-up',
    rpc: createAccount,
    given: browser,
    status: 201,
    cookies: { sessionToken: sessionCookie, deviceToken: deviceCookie },
  }),
];
