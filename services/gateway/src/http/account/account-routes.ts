import { auth } from '@conclave/contracts';
import { sessionCookie } from '../../session/session-cookie.js';
import { rpcRoute, type Exchange } from '../route.js';

const { createAccount } = auth.AccountsService.method;

/** What the gateway tells of a browser, for throttles and the list of sessions. */
export const browser = {
  userAgent: ({ client }: Exchange) => client.userAgent,
  clientAddress: ({ client }: Exchange) => client.address,
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
    cookies: { sessionToken: sessionCookie },
  }),
];
