import { auth } from '@conclave/contracts';
import { InjectClient } from '@conclave/messaging';
import type { ServiceClient } from '@conclave/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { displayName, email, me, meView, password } from '../me/me-view.js';
import { route, type Exchange, type RouteSource } from '../route.js';

const newAccount = z.strictObject({ email, password, displayName });
const created = z.strictObject({ user: me, personalToken: z.string() });

/** Signing up. */
@Injectable()
export class AccountRoutes implements RouteSource {
  constructor(
    @InjectClient(auth.AccountsService) private readonly accounts: ServiceClient<typeof auth.AccountsService>,
  ) {}

  readonly routes = [
    route({
      method: 'POST',
      path: '/account',
      access: 'public',
      limit: 'sign-up',
      says: 'Signs a person up; the personal token is shown this once, and the session is set as a cookie.',
      body: newAccount,
      status: 201,
      answer: created,
      handle: ({ body, client, call, session }) =>
        this.accounts
          .createAccount({ ...body, userAgent: client.userAgent, clientAddress: client.address }, call)
          .then((response) => signedUp(response, session)),
    }),
  ];
}

function signedUp(response: auth.CreateAccountResponse, session: Exchange['session']): z.input<typeof created> {
  session.start(response.sessionToken);
  return { user: meView(response.account), personalToken: response.personalToken };
}
