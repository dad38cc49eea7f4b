import { auth } from '@conclave/contracts';
import { deviceCookie, sessionCookie } from '../../session/session-cookie.js';
import { browser } from '../account/account-routes.js';
import { rpcRoute } from '../route.js';

const { createSession, endSession } = auth.SessionsService.method;

/** Signing in and out. */
export const sessionRoutes = [
  rpcRoute({
    name: 'signIn',
    method: 'POST',
    path: '/session',
    access: 'public',
    limit: 'sign-in',
    rpc: createSession,
    given: browser,
    account: 'email',
    status: 200,
    cookies: { sessionToken: sessionCookie, deviceToken: deviceCookie },
  }),
  rpcRoute({
    name: 'signOut',
    method: 'DELETE',
    path: '/session',
    access: 'signed-in',
    limit: 'write',
    rpc: endSession,
    // Without an id it is the present one.
    given: { sessionId: () => '' },
    status: 204,
    clears: [sessionCookie],
  }),
];
