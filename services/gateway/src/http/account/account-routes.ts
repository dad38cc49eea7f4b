import { auth } from '@conclave/contracts';
import { deviceCookie, sessionCookie, signUpCookie } from '../../session/session-cookie.js';
import { rpcRoute, type Exchange } from '../route.js';

const { confirmSignUp, createAccount } = auth.AccountsService.method;
const { returnAddress } = auth.AddressesService.method;
const { finishRecovery, startRecovery } = auth.RecoveryService.method;

/** What the gateway tells of a browser, for throttles, the list of sessions, and the session that ends when another begins. */
export const browser = {
  userAgent: ({ client }: Exchange) => client.userAgent,
  clientAddress: ({ client }: Exchange) => client.address,
  deviceToken: ({ cookie }: Exchange) => cookie(deviceCookie) ?? '',
  formerSessionToken: ({ cookie }: Exchange) => cookie(sessionCookie) ?? '',
};

/** In which language a message is wanted. */
export const language = ({ client }: Exchange) => client.language;

/** Signing up, and the way back into an account. */
export const accountRoutes = [
  rpcRoute({
    name: 'signUp',
    method: 'POST',
    path: '/account',
    access: 'public',
    limit: 'sign-up',
    rpc: createAccount,
    given: { ...browser, language },
    status: 201,
    cookies: { sessionToken: sessionCookie, deviceToken: deviceCookie, signUpToken: signUpCookie },
  }),
  rpcRoute({
    name: 'verifyAccount',
    method: 'POST',
    path: '/account/verify',
    access: 'public',
    limit: 'prove',
    rpc: confirmSignUp,
    given: { ...browser, signUpToken: ({ cookie }: Exchange) => cookie(signUpCookie) ?? '' },
    status: 201,
    cookies: { sessionToken: sessionCookie, deviceToken: deviceCookie },
    clears: [signUpCookie],
  }),
  rpcRoute({
    name: 'recover',
    method: 'POST',
    path: '/account/recover',
    access: 'public',
    limit: 'prove',
    rpc: startRecovery,
    given: {
      clientAddress: browser.clientAddress,
      deviceToken: browser.deviceToken,
      language,
    },
    status: 204,
  }),
  rpcRoute({
    name: 'finishRecovery',
    method: 'POST',
    path: '/account/recover/{token}',
    access: 'public',
    limit: 'prove',
    rpc: finishRecovery,
    status: 204,
  }),
  rpcRoute({
    name: 'returnAddress',
    method: 'POST',
    path: '/account/address-back/{token}',
    access: 'public',
    limit: 'prove',
    rpc: returnAddress,
    status: 204,
  }),
];
