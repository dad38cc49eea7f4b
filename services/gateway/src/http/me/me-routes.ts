import { auth } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { route, type RouteSource } from '../route.js';
import { id, instant, list, time } from '../schemas.js';
import { displayName, me, meView, password } from './me-view.js';

const session = z
  .strictObject({ id, createdAt: time, lastSeenAt: time, userAgent: z.string(), current: z.boolean() })
  .meta({ id: 'Session' });

/** The caller's own account. */
@Injectable()
export class MeRoutes implements RouteSource {
  constructor(
    @InjectClient(auth.AccountsService) private readonly accounts: ServiceClient<typeof auth.AccountsService>,
    @InjectClient(auth.SessionsService) private readonly sessions: ServiceClient<typeof auth.SessionsService>,
    @InjectClient(auth.PersonalTokensService)
    private readonly personalTokens: ServiceClient<typeof auth.PersonalTokensService>,
  ) {}

  readonly routes = [
    route({
      method: 'GET',
      path: '/me',
      access: 'signed-in',
      limit: 'read',
      says: 'The caller.',
      status: 200,
      answer: me,
      handle: ({ call }) => this.accounts.getAccount({}, call).then(({ account }) => meView(account)),
    }),
    route({
      method: 'PATCH',
      path: '/me',
      access: 'signed-in',
      limit: 'write',
      says: 'Changes the name that others see.',
      body: z.strictObject({ displayName }),
      status: 200,
      answer: me,
      handle: ({ body, call }) => this.accounts.updateAccount(body, call).then(({ account }) => meView(account)),
    }),
    route({
      method: 'GET',
      path: '/me/sessions',
      access: 'signed-in',
      limit: 'read',
      says: 'Where the caller is signed in.',
      status: 200,
      answer: list(session),
      handle: ({ call }) =>
        this.sessions.listSessions({}, call).then(({ sessions }) => ({ items: sessions.map(sessionView), next: null })),
    }),
    route({
      method: 'DELETE',
      path: '/me/sessions/{id}',
      access: 'signed-in',
      limit: 'write',
      says: 'Signs one of them out.',
      params: z.object({ id }),
      status: 204,
      handle: async ({ params, call }) => void (await this.sessions.endSession({ sessionId: params.id }, call)),
    }),
    route({
      method: 'POST',
      path: '/me/personal-token',
      access: 'signed-in',
      limit: 'prove',
      says: 'Makes a new personal token, shown this once; the old one dies.',
      body: z.strictObject({ password }),
      status: 201,
      answer: z.strictObject({ personalToken: z.string() }),
      handle: ({ body, call }) =>
        this.personalTokens.rotatePersonalToken(body, call).then(({ personalToken }) => ({ personalToken })),
    }),
  ];
}

function sessionView({ id, createdAt, lastSeenAt, userAgent, current }: auth.Session): z.input<typeof session> {
  return { id, createdAt: instant(createdAt), lastSeenAt: instant(lastSeenAt), userAgent, current };
}
