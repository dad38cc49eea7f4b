import { createTransport } from 'nodemailer';
import { startMailbox, type Mailbox } from '../src/index.js';

let mailbox: Mailbox;
beforeAll(async () => {
  mailbox = await startMailbox();
});
afterAll(() => mailbox.stop());

const send = async (subject: string, to = 'marta@example.test') => {
  const transport = createTransport({ url: mailbox.smtpUrl });
  await transport.sendMail({
    from: 'x@y.test',
    to,
    subject,
    text: `Grüße\n<b>${subject}</b> https://a.test/r#t`,
    html: '<p>x</p>',
  });
  transport.close();
};

describe('the mailbox', () => {
  it('keeps what it is sent, newest first, and answers by address', async () => {
    await send('one');
    await send('two', 'Lea@example.test');
    expect(mailbox.store.list().map(({ subject }) => subject)).toEqual(['two', 'one']);
    const found = await (await fetch(`${mailbox.url}/messages?to=lea@example.test`)).json();
    expect(found).toMatchObject([{ subject: 'two', to: ['Lea@example.test'], text: expect.stringContaining('Grüße') }]);
  });

  it('shows a message as text that is not taken for HTML, and its HTML in a frame that can do nothing', async () => {
    await send('<script>x</script>');
    const [mail] = mailbox.store.list();
    const list = await (await fetch(mailbox.url)).text();
    const answer = await fetch(`${mailbox.url}/${mail?.id}`);
    const shown = await answer.text();
    for (const html of [list, shown]) expect(html).not.toContain('<script>');
    expect(shown).toContain('<iframe title="The message as HTML" sandbox');
    expect(shown).toContain('href="https://a.test/r#t"');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('answers nobody who asks under another name, and takes nothing', async () => {
    const { port } = new URL(mailbox.url);
    const { request } = await import('node:http');
    const status = await new Promise((resolve) => {
      request({ port, host: '127.0.0.1', headers: { host: 'evil.example' } }, ({ statusCode }) =>
        resolve(statusCode),
      ).end();
    });
    expect(status).toBe(403);
    expect((await fetch(mailbox.url, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${mailbox.url}/999`)).status).toBe(404);
  });
});
