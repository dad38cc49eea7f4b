import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { mailboxPage } from './mailbox-page.js';
import { MailStore } from './mail-store.js';

const loopback = '127.0.0.1';

/** What a mailbox may be told. */
export interface MailboxOptions {
  /** Ports; any free one where nothing is said. */
  readonly smtpPort?: number;
  readonly pagePort?: number;
  /** TLS from the first byte, or by STARTTLS. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit: boolean };
  /** Who may send; anybody where nothing is said. */
  readonly account?: { readonly user: string; readonly password: string };
  /** An answer instead of taking a message over, such as `450`, for as long as it says so. */
  readonly refuse?: (to: readonly string[]) => number | undefined;
}

/** One that runs. */
export interface Mailbox {
  /** Where services send to. */
  readonly smtpUrl: string;
  /** Where people look. */
  readonly url: string;
  readonly store: MailStore;
  stop(): Promise<void>;
}

/** Starts it on loopback. */
export async function startMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  const store = new MailStore();
  const smtp = smtpServer(store, options);
  const page = createServer(mailboxPage(store));
  await listen(page, options.pagePort ?? 0);
  await new Promise<void>((resolve, reject) => {
    smtp.once('error', reject);
    smtp.listen(options.smtpPort ?? 0, loopback, () => resolve());
  });
  // A client that goes away in the middle is no business of whoever runs us.
  smtp.on('error', () => undefined);
  const port = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port;
  return {
    smtpUrl: `${options.tls?.implicit ? 'smtps' : 'smtp'}://${loopback}:${port(smtp.server)}`,
    url: `http://localhost:${port(page)}`,
    store,
    stop: async () => {
      page.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => page.close(() => resolve())),
        new Promise<void>((resolve) => smtp.close(() => resolve())),
      ]);
    },
  };
}

function smtpServer(store: MailStore, { tls, account, refuse }: MailboxOptions): SMTPServer {
  return new SMTPServer({
    secure: tls?.implicit ?? false,
    ...(tls && { key: tls.key, cert: tls.cert }),
    disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(account ? [] : ['AUTH'])],
    authOptional: account === undefined,
    closeTimeout: 500,
    onAuth: ({ username, password }, _session, done) => {
      if (username === account?.user && password === account?.password) done(null, { user: username });
      else done(refusal(535));
    },
    onData: (stream, session, done) => {
      const to = recipients(session);
      const code = refuse?.(to);
      readAll(stream)
        .then((raw) => (code === undefined ? store.take(raw, senderOf(session), to) : Promise.reject(refusal(code))))
        .then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error : refusal(451)),
        );
    },
  });
}

const refusal = (responseCode: number): Error => Object.assign(new Error('not taken over'), { responseCode });

const recipients = ({ envelope }: SMTPServerSession): string[] => envelope.rcptTo.map(({ address }) => address);

const senderOf = ({ envelope }: SMTPServerSession): string =>
  envelope.mailFrom === false ? '' : envelope.mailFrom.address;

async function readAll(stream: SMTPServerDataStream): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, () => resolve());
  });
