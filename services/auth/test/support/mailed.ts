import { testMailbox } from '@conclave/testing';
import { freshAddress, runAuth, type RunningAuth } from './running-auth.js';

/** Auth with a mail server of its own. */
export type MailingAuth = RunningAuth & { readonly mailbox: Awaited<ReturnType<typeof testMailbox>> };

/** Boots both for one spec file. */
export async function runMailingAuth(changes: Record<string, string> = {}): Promise<MailingAuth> {
  const mailbox = await testMailbox();
  return { ...(await runAuth({ SMTP_URL: mailbox.smtpUrl, SMTP_TLS: 'off', ...changes })), mailbox };
}

/** The token of the link in a text, by its prefix; empty where it has none. */
export const tokenIn = (text: string, prefix: string): string =>
  new RegExp(`#(${prefix}[\\w-]+)`).exec(text)?.[1] ?? '';

/** The code in a text; empty where it has none. */
export const codeIn = (text: string): string => /^\d{6}$/m.exec(text)?.[0] ?? '';

/** The newest message of `count` to an address, once so many have come. */
export async function mailTo(
  { mailbox }: MailingAuth,
  email: string,
  count = 1,
): Promise<{ subject: string; text: string }> {
  const [newest] = await mailbox.store.waitFor(email, count);
  return newest ?? { subject: '', text: '' };
}

/** Asks for an account, as a browser in a network of its own. */
export const askToSignUp = ({ gateway }: RunningAuth, email: string, changes: object = {}) =>
  gateway.accounts.createAccount({
    email,
    password: 'correct horse battery',
    displayName: 'Marta Berg',
    userAgent: 'Firefox',
    clientAddress: freshAddress(),
    language: 'en',
    ...changes,
  });

/** Somebody who signed up by the code that was mailed. */
export async function signUpByMail(running: MailingAuth, email: string, changes: object = {}) {
  const { signUpToken } = await askToSignUp(running, email, changes);
  const { text } = await mailTo(running, email);
  const made = await running.gateway.accounts.confirmSignUp({
    code: codeIn(text),
    signUpToken,
    clientAddress: freshAddress(),
  });
  const { principalToken } = await running.gateway.sessions.resolveSession({ sessionToken: made.sessionToken });
  return { ...made, email, id: made.account?.id ?? '', as: { principal: principalToken } };
}
