import { auth } from '@conclave/contracts';
import { deviceCookie, passkeyCookie, sessionCookie, stepCookie } from '../../session/session-cookie.js';
import { browser } from '../account/account-routes.js';
import { rpcRoute, type Exchange, type Finish } from '../route.js';

const { beginPasskey, createSession, endSession, proveSession, signInByPasskey, takeSignInStep } =
  auth.SessionsService.method;

/** Whether the sign-in is at its end: said in a word, so that nobody has to guess it from what is missing. */
const status: Finish = {
  properties: { status: { type: 'string', enum: ['signed_in', 'step'] } },
  of: (answer: { user: object | null }) => ({ status: answer.user ? 'signed_in' : 'step', ...answer }),
};

/** A step of a sign-in by a code. */
const codeStep = (name: string, path: `/${string}`, step: auth.SignInStep) =>
  rpcRoute({
    name,
    method: 'POST',
    path,
    access: 'public',
    limit: 'prove',
    rpc: takeSignInStep,
    given: {
      ...browser,
      challengeToken: ({ cookie }: Exchange) => cookie(stepCookie) ?? '',
      step: () => step,
    },
    status: 200,
    finish: status,
    cookies: { sessionToken: sessionCookie, deviceToken: deviceCookie },
    clears: [stepCookie],
  });

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
    finish: status,
    cookies: { sessionToken: sessionCookie, deviceToken: deviceCookie, challengeToken: stepCookie },
  }),
  codeStep('signInByTotp', '/session/step/totp', auth.SignInStep.TOTP),
  codeStep('signInByRecoveryCode', '/session/step/recovery-code', auth.SignInStep.RECOVERY_CODE),
  rpcRoute({
    name: 'beginPasskey',
    method: 'POST',
    path: '/session/passkey/begin',
    access: 'public',
    // Asked for by every sign-in page that opens: many people sit behind one address.
    limit: 'read',
    rpc: beginPasskey,
    status: 200,
    cookies: { passkeyToken: passkeyCookie },
  }),
  rpcRoute({
    name: 'signInByPasskey',
    method: 'POST',
    path: '/session/passkey/finish',
    access: 'public',
    limit: 'prove',
    rpc: signInByPasskey,
    given: {
      ...browser,
      passkeyToken: ({ cookie }: Exchange) => cookie(passkeyCookie) ?? '',
      challengeToken: ({ cookie }: Exchange) => cookie(stepCookie) ?? '',
    },
    status: 200,
    finish: status,
    cookies: { sessionToken: sessionCookie, deviceToken: deviceCookie },
    clears: [stepCookie, passkeyCookie],
  }),
  rpcRoute({
    name: 'proveSession',
    method: 'POST',
    path: '/session/proof',
    access: 'signed-in',
    limit: 'prove',
    rpc: proveSession,
    given: { passkeyToken: ({ cookie }: Exchange) => cookie(passkeyCookie) ?? '' },
    status: 200,
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
