import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MailStore, ReceivedMail } from './mail-store.js';

/** Nothing runs, nothing is loaded, nothing is sent; a frame may show what the page itself holds. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'";

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (found) => `&#${found.charCodeAt(0)};`);

/** Answers the page and what it shows; only to whoever asks for this very machine. */
export const mailboxPage =
  (store: MailStore) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { ...headers, 'content-type': type }).end(body);
    };
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '')) return answer(403, 'text/plain', '');
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method !== 'GET') return answer(405, 'text/plain', '');
    if (pathname === '/messages')
      return answer(200, 'application/json', JSON.stringify(store.list(searchParams.get('to') ?? undefined)));
    if (pathname === '/') return answer(200, 'text/html; charset=utf-8', listPage(store.list()));
    const [, id = '', html] = /^\/(\d+)(\/html)?$/.exec(pathname) ?? [];
    const mail = store.byId(Number(id));
    if (!mail) return answer(404, 'text/plain', 'There is no such message');
    if (html) return answer(200, 'text/html; charset=utf-8', mail.html);
    return answer(200, 'text/html; charset=utf-8', mailPage(mail));
  };

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<meta name="color-scheme" content="light dark"><title>${escaped(title)}</title><style>` +
  'body{font:16px/1.5 system-ui,sans-serif;max-width:760px;margin:0 auto;padding:24px}' +
  'pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}iframe{width:100%;height:520px;border:1px solid #888}' +
  'li{margin:0 0 12px}small{display:block;opacity:.75}</style></head><body>' +
  `${body}</body></html>`;

const listPage = (mails: readonly ReceivedMail[]): string =>
  page(
    'Mailbox of this installation',
    '<h1>Mailbox of this installation</h1><p>No mail leaves this machine. What would have been sent is here; reload for news.</p>' +
      (mails.length === 0
        ? '<p>Nothing was sent yet.</p>'
        : `<ol reversed>${mails
            .map(
              ({ id, subject, to, at }) =>
                `<li><a href="/${id}">${escaped(subject)}</a><small>to ${escaped(to.join(', '))}, ${escaped(at)}</small></li>`,
            )
            .join('')}</ol>`),
  );

const mailPage = ({ id, subject, from, to, text }: ReceivedMail): string =>
  page(
    subject,
    `<p><a href="/">All messages</a></p><h1>${escaped(subject)}</h1><p>from ${escaped(from)} to ${escaped(to.join(', '))}</p>` +
      `<pre dir="auto">${linked(escaped(text))}</pre><h2>As mail programs show it</h2>` +
      `<iframe title="The message as HTML" sandbox src="/${id}/html"></iframe>`,
  );

/** Links of a text that is escaped already; whatever ends one is no part of it. */
const linked = (text: string): string =>
  text.replace(/https?:\/\/[^\s<>]+/g, (url) => `<a href="${url}" rel="noreferrer">${url}</a>`);
