import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMailbox, type Mailbox } from '@conclave/mailbox';
import { freePort, isFree } from '@conclave/servers';

/** The mailbox of this installation, at the ports of the last run where they are still free. */
export async function localMailbox(folder: string): Promise<Mailbox> {
  const file = join(folder, 'state', 'mailbox.json');
  const last = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as Partial<Record<'smtp' | 'page', number>>;
  const portOf = async (name: 'smtp' | 'page'): Promise<number> => {
    const before = last[name];
    return before && (await isFree(before)) ? before : freePort();
  };
  const ports = { smtp: await portOf('smtp'), page: await portOf('page') };
  await writeFile(file, JSON.stringify(ports), { mode: 0o600 });
  return startMailbox({ smtpPort: ports.smtp, pagePort: ports.page });
}

/** What auth is told, so that its mail goes there: in the clear, for it never leaves this machine. */
export const mailboxEnvironment = ({ smtpUrl }: Pick<Mailbox, 'smtpUrl'>): Record<string, string> => ({
  SMTP_URL: smtpUrl,
  SMTP_TLS: 'off',
});
