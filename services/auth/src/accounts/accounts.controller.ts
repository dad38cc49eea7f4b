import { auth, type MessageInitShape } from '@conclave/contracts';
import { Access, requirePrincipal, Rpc, type CallContext } from '@conclave/messaging';
import { Controller } from '@nestjs/common';
import { accountMessage } from '../people/account-message.js';
import { CreateAccount } from './create-account.js';
import { GetAccount } from './get-account.js';
import { UpdateAccount } from './update-account.js';

const method = auth.AccountsService.method;

/** `conclave.auth.v1.AccountsService` */
@Controller()
export class AccountsController {
  constructor(
    private readonly create: CreateAccount,
    private readonly get: GetAccount,
    private readonly update: UpdateAccount,
  ) {}

  @Rpc(method.createAccount)
  @Access('public')
  async createAccount(
    request: auth.CreateAccountRequest,
  ): Promise<MessageInitShape<typeof method.createAccount.output>> {
    const { person, personalToken, sessionToken } = await this.create.execute(request);
    return { account: accountMessage(person), personalToken, sessionToken };
  }

  @Rpc(method.getAccount)
  @Access('signed-in')
  async getAccount(
    _request: auth.GetAccountRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof method.getAccount.output>> {
    const { userId } = requirePrincipal(context);
    return { account: accountMessage(await this.get.execute(userId)) };
  }

  @Rpc(method.updateAccount)
  @Access('signed-in')
  async updateAccount(
    request: auth.UpdateAccountRequest,
    context: CallContext,
  ): Promise<MessageInitShape<typeof method.updateAccount.output>> {
    const { userId } = requirePrincipal(context);
    return { account: accountMessage(await this.update.execute({ userId, displayName: request.displayName })) };
  }
}
