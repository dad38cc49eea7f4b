import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceEnvironment, type ProductPorts } from '@conclave/servers';
import { localMailbox, mailboxEnvironment } from '../src/local-mailbox.js';

describe('the mailbox of a local installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'conclave-mailbox-'));
    mkdirSync(join(folder, 'state'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is where it was when it starts again', async () => {
    const first = await localMailbox(folder);
    await first.stop();
    const second = await localMailbox(folder);
    await second.stop();
    expect([second.url, second.smtpUrl]).toEqual([first.url, first.smtpUrl]);
    expect(first.url).toMatch(/^http:\/\/localhost:\d+$/);
  });

  it('is told to auth by `npm start` alone: a service that nobody tells of a mail server knows none', () => {
    expect(mailboxEnvironment({ smtpUrl: 'smtp://127.0.0.1:25' })).toEqual({
      SMTP_URL: 'smtp://127.0.0.1:25',
      SMTP_TLS: 'off',
    });
    const facts = {
      ports: {} as ProductPorts,
      secretFile: (name: string) => name,
      publicUrl: 'http://localhost',
      publicHost: '',
      publicPort: 0,
      webRoot: '',
    };
    expect(JSON.stringify(serviceEnvironment('auth', facts))).not.toContain('SMTP');
  });
});
