import { auth } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { email, me, meView, password } from '../me/me-view.js';
import { route, type Exchange, type RouteSource } from '../route.js';

const credentials = z.strictObject({ email, password });
const signedIn = z.strictObject({ user: me });

/** Signing in and out. */
@Injectable()
export class SessionRoutes implements RouteSource {
  constructor(
    @InjectClient(auth.SessionsService) private readonly sessions: ServiceClient<typeof auth.SessionsService>,
  ) {}

  readonly routes = [
    route({
      method: 'POST',
      path: '/session',
      access: 'public',
      limit: 'sign-in',
      says: 'Signs a person in and sets the session as a cookie.',
      body: credentials,
      status: 200,
      answer: signedIn,
      handle: ({ body, client, call, session }) =>
        this.sessions
          .createSession({ ...body, userAgent: client.userAgent, clientAddress: client.address }, call)
          .then((response) => started(response, session)),
    }),
    route({
      method: 'DELETE',
      path: '/session',
      access: 'signed-in',
      limit: 'write',
      says: 'Signs out.',
      status: 204,
      handle: ({ call, session }) => this.sessions.endSession({ sessionId: '' }, call).then(() => void session.end()),
    }),
  ];
}

function started(response: auth.CreateSessionResponse, session: Exchange['session']): z.input<typeof signedIn> {
  session.start(response.sessionToken);
  return { user: meView(response.account) };
}
