import { auth } from '@conclave/contracts';
import { passkeyCookie } from '../../session/session-cookie.js';
import { rpcRoute, type Exchange } from '../route.js';

const {
  addPasskey,
  beginAddPasskey,
  beginTotp,
  confirmTotp,
  listFactors,
  removePasskey,
  removeTotp,
  renewRecoveryCodes,
} = auth.FactorsService.method;

/** The caller's second factors. */
export const factorRoutes = [
  rpcRoute({
    name: 'factors',
    method: 'GET',
    path: '/me/factors',
    access: 'signed-in',
    limit: 'read',
    rpc: listFactors,
    answer: { items: 'factors' },
    status: 200,
  }),
  rpcRoute({
    name: 'beginTotp',
    method: 'POST',
    path: '/me/factors/totp',
    access: 'signed-in',
    limit: 'write',
    rpc: beginTotp,
    status: 201,
  }),
  rpcRoute({
    name: 'confirmTotp',
    method: 'POST',
    path: '/me/factors/totp/{id}/confirm',
    access: 'signed-in',
    limit: 'prove',
    rpc: confirmTotp,
    status: 200,
  }),
  rpcRoute({
    name: 'removeTotp',
    method: 'DELETE',
    path: '/me/factors/totp/{id}',
    access: 'signed-in',
    limit: 'write',
    rpc: removeTotp,
    status: 204,
  }),
  rpcRoute({
    name: 'beginAddPasskey',
    method: 'POST',
    path: '/me/factors/passkeys/begin',
    access: 'signed-in',
    limit: 'write',
    rpc: beginAddPasskey,
    status: 200,
    cookies: { passkeyToken: passkeyCookie },
  }),
  rpcRoute({
    name: 'addPasskey',
    method: 'POST',
    path: '/me/factors/passkeys',
    access: 'signed-in',
    limit: 'prove',
    rpc: addPasskey,
    given: { passkeyToken: ({ cookie }: Exchange) => cookie(passkeyCookie) ?? '' },
    status: 201,
  }),
  rpcRoute({
    name: 'removePasskey',
    method: 'DELETE',
    path: '/me/factors/passkeys/{id}',
    access: 'signed-in',
    limit: 'write',
    rpc: removePasskey,
    status: 204,
  }),
  rpcRoute({
    name: 'renewRecoveryCodes',
    method: 'POST',
    path: '/me/factors/recovery-codes',
    access: 'signed-in',
    limit: 'write',
    rpc: renewRecoveryCodes,
    status: 201,
  }),
];
