import { auth } from '@conclave/contracts';
import { browser, language } from '../account/account-routes.js';
import { rpcRoute } from '../route.js';

const accounts = auth.AccountsService.method;
const { changeAddress, confirmAddress } = auth.AddressesService.method;
const sessions = auth.SessionsService.method;
const { rotatePersonalToken } = auth.PersonalTokensService.method;

/** The caller's own account. */
export const meRoutes = [
  rpcRoute({
    name: 'me',
    method: 'GET',
    path: '/me',
    access: 'signed-in',
    limit: 'read',
    rpc: accounts.getAccount,
    status: 200,
    answer: 'account',
  }),
  rpcRoute({
    name: 'rename',
    method: 'PATCH',
    path: '/me',
    access: 'signed-in',
    limit: 'write',
    rpc: accounts.updateAccount,
    status: 200,
    answer: 'account',
  }),
  rpcRoute({
    name: 'changeAddress',
    method: 'POST',
    path: '/me/address',
    access: 'signed-in',
    limit: 'prove',
    rpc: changeAddress,
    given: { clientAddress: browser.clientAddress, language },
    status: 204,
  }),
  rpcRoute({
    name: 'confirmAddress',
    method: 'POST',
    path: '/me/address/verify',
    access: 'signed-in',
    limit: 'prove',
    rpc: confirmAddress,
    status: 200,
    answer: 'account',
  }),
  rpcRoute({
    name: 'sessions',
    method: 'GET',
    path: '/me/sessions',
    access: 'signed-in',
    limit: 'read',
    rpc: sessions.listSessions,
    status: 200,
    answer: { items: 'sessions' },
  }),
  rpcRoute({
    name: 'endSession',
    method: 'DELETE',
    path: '/me/sessions/{id}',
    parameters: { id: 'sessionId' },
    access: 'signed-in',
    limit: 'write',
    rpc: sessions.endSession,
    status: 204,
  }),
  rpcRoute({
    name: 'rotatePersonalToken',
    method: 'POST',
    path: '/me/personal-token',
    access: 'signed-in',
    limit: 'prove',
    rpc: rotatePersonalToken,
    status: 201,
  }),
];
