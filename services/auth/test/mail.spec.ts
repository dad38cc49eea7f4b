import { randomUUID } from 'node:crypto';
import { testMailbox, testTlsMailbox } from '@conclave/testing';
import { MailRefused, type Mail } from '../src/letters/mailer.js';
import { mailerOf } from '../src/mail/mail.module.js';
import { askToSignUp, codeIn, mailTo, runMailingAuth, tokenIn } from './support/mailed.js';
import { runAuth } from './support/running-auth.js';

const somebody = () => `${randomUUID()}@berg-partner.example`;
const mail = (to = 'marta@bücher.example'): Mail => ({
  id: randomUUID(),
  to,
  subject: 'Grüße',
  text: 'Guten Tag\n',
  html: '<p>Guten Tag</p>',
  language: 'de',
});
const mailer = (config: object) =>
  mailerOf({ PUBLIC_URL: 'https://meet.example', SMTP_TLS: 'required', ...config } as never);

/** Sends one message and answers how it went. */
async function outcome(config: object, message: Mail = mail()): Promise<string> {
  const port = mailer(config);
  try {
    await port.send(message);
    return 'sent';
  } catch (error) {
    if (!(error instanceof MailRefused)) throw error;
    expect(error.message).not.toContain('marta');
    return error.permanent ? 'refused' : 'later';
  } finally {
    port.close();
  }
}

const waiting = async (sql: Awaited<ReturnType<typeof runAuth>>['sql']) =>
  (
    await sql.query<{ attempts: number; error: string | null; dead: boolean; sealed: Buffer }>(
      'select attempts, error, gave_up_at is not null as dead, sealed from mail',
    )
  ).rows;

/** Looks until it holds. */
async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  for (const end = Date.now() + 20_000; ;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the SMTP adapter', () => {
  it('sends text and HTML with one id, to one address, whatever stands in it, and marks it as nobody’s to answer', async () => {
    const mailbox = await testMailbox();
    const message = mail();
    expect(await outcome({ SMTP_URL: mailbox.smtpUrl, SMTP_TLS: 'off' }, message)).toBe('sent');
    const [received] = mailbox.store.list();
    expect(received).toMatchObject({
      from: 'no-reply@meet.example',
      to: ['marta@bücher.example'],
      subject: 'Grüße',
      headers: { 'message-id': `<${message.id}@meet.example>`, 'auto-submitted': 'auto-generated' },
    });
    expect(received?.text.trim()).toBe('Guten Tag');
    expect(received?.html).toContain('<p>Guten Tag</p>');
  });

  it('sends nothing in the clear unless it is told to, and believes no certificate that nobody vouches for', async () => {
    const clear = await testMailbox();
    expect(await outcome({ SMTP_URL: clear.smtpUrl })).toBe('later');
    for (const implicit of [false, true]) {
      const { smtpUrl, caFile, store } = await testTlsMailbox({ implicit });
      expect(await outcome({ SMTP_URL: smtpUrl })).toBe('later');
      expect(await outcome({ SMTP_URL: smtpUrl, SMTP_CA_FILE: caFile })).toBe('sent');
      expect(store.list()).toHaveLength(1);
    }
    expect(clear.store.list()).toEqual([]);
  });

  it('signs in where the server asks for it; a wrong password is tried again, as it may be put right', async () => {
    const account = { user: 'conclave', password: 'secret words' };
    const { smtpUrl: SMTP_URL, caFile: SMTP_CA_FILE } = await testTlsMailbox({ implicit: true, account });
    const config = { SMTP_URL, SMTP_CA_FILE, SMTP_USER: 'conclave' };
    expect(await outcome({ ...config, SMTP_PASSWORD: 'secret words' })).toBe('sent');
    expect(await outcome({ ...config, SMTP_PASSWORD: 'others' })).toBe('later');
    expect(() => mailer(config)).toThrow('SMTP_PASSWORD');
  });

  it('tells a refusal for good from one that passes', async () => {
    for (const [code, expected] of [
      [450, 'later'],
      [550, 'refused'],
    ] as const) {
      const { smtpUrl } = await testMailbox({ refuse: () => code });
      expect(await outcome({ SMTP_URL: smtpUrl, SMTP_TLS: 'off' })).toBe(expected);
    }
    const gone = await testMailbox();
    await gone.stop();
    expect(await outcome({ SMTP_URL: gone.smtpUrl, SMTP_TLS: 'off' })).toBe('later');
  });
});

describe('the mail that waits', () => {
  it('is sealed, goes on where it was after a failure of the server, and is gone once it is out', async () => {
    let down = true;
    const mailbox = await testMailbox({ refuse: () => (down ? 451 : undefined) });
    const running = await runAuth({ SMTP_URL: mailbox.smtpUrl, SMTP_TLS: 'off' });
    const email = somebody();
    await askToSignUp(running, email);
    const [row] = await until(
      () => waiting(running.sql),
      (rows) => rows[0]?.error !== null && rows.length === 1,
    );
    expect(row).toMatchObject({ attempts: 1, dead: false, error: expect.stringContaining('451') });
    expect(row?.sealed.toString('latin1')).not.toContain(email);
    down = false;
    // Another replica that starts meanwhile may be the one.
    await running.replica();
    await mailbox.store.waitFor(email);
    await until(
      () => waiting(running.sql),
      (rows) => rows.length === 0,
    );
    expect(mailbox.store.list(email)).toHaveLength(1);
    expect(running.logLines()).not.toContain(email);
  }, 60_000);

  it('that is refused for good stays as a dead letter, and the others go out', async () => {
    const bad = somebody();
    const mailbox = await testMailbox({ refuse: (to) => (to.includes(bad) ? 550 : undefined) });
    const running = await runAuth({ SMTP_URL: mailbox.smtpUrl, SMTP_TLS: 'off' });
    const good = somebody();
    await askToSignUp(running, bad);
    await askToSignUp(running, good);
    await mailbox.store.waitFor(good);
    const rows = await until(
      () => waiting(running.sql),
      (found) => found.length === 1 && found[0]?.dead === true,
    );
    expect(rows[0]?.error).toContain('550');
  }, 60_000);

  it('is written in the language of its reader, loads nothing and counts nobody', async () => {
    const running = await runMailingAuth();
    for (const [language, words] of [
      ['ar', 'رمزك في Conclave'],
      ['fr, de;q=0.5', 'Ihr Code für Conclave'],
      ['', 'Your code for Conclave'],
    ] as const) {
      const email = somebody();
      await askToSignUp(running, email, { language });
      const { subject, text } = await mailTo(running, email);
      expect(subject).toBe(words);
      const [received] = running.mailbox.store.list(email);
      const html = received?.html ?? '';
      expect(html).toContain(codeIn(text));
      expect(html).toContain(tokenIn(text, 'cnv_sup_'));
      expect(html).not.toMatch(/<img|<link|<script|@import|url\(|src=|http-equiv/i);
      expect([...html.matchAll(/href="([^"]+)"/g)].map(([, url]) => new URL(url ?? '').host)).toEqual([
        'conclave.test',
      ]);
    }
  }, 60_000);
});
