import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMailbox, type Mailbox, type MailboxOptions } from '@conclave/mailbox';
import { certificate } from '../harness/certificate.js';
import { onFileEnd } from '../harness/cleanup.js';
import { temporaryFolder } from '../harness/folder.js';

/** A real mail server that keeps what it is sent; it ends with the file. */
export async function testMailbox(options?: MailboxOptions): Promise<Mailbox> {
  const mailbox = await startMailbox(options);
  onFileEnd(() => mailbox.stop());
  return mailbox;
}

/** The same behind a certificate that no authority has signed; `caFile` is what has to be believed. */
export async function testTlsMailbox({
  implicit,
  ...options
}: { readonly implicit: boolean } & Omit<MailboxOptions, 'tls'>): Promise<Mailbox & { readonly caFile: string }> {
  const folder = temporaryFolder('mailbox');
  onFileEnd(() => folder.remove());
  const { cert, key } = await certificate();
  const caFile = join(folder.path, 'ca.pem');
  await writeFile(caFile, cert);
  return { ...(await testMailbox({ ...options, tls: { cert, key, implicit } })), caFile };
}
