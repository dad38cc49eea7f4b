import { randomUUID } from 'node:crypto';

/** Where the product runs. */
export const baseUrl = (): string => {
  const url = process.env['CONCLAVE_URL'];
  if (!url) throw new Error('the product does not run: start journeys through Playwright');
  return url;
};

/** What came back. */
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** What a sign-up ends with. */
export interface SignedUp {
  readonly user: { readonly id: string };
  readonly personalToken: string;
}

/** A message as the mailbox shows it. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** The newest message to an address, once it is there and is one that is wanted. */
export async function newestMail(email: string, wanted: (mail: Mail) => boolean = () => true): Promise<Mail> {
  const mailbox = process.env['CONCLAVE_MAILBOX'];
  if (!mailbox) throw new Error('the product sends mail, and no mailbox is known');
  for (const end = Date.now() + 30_000; ;) {
    const response = await fetch(`${mailbox}/messages?to=${encodeURIComponent(email)}`);
    const [newest] = ((await response.json()) as Mail[]).filter(wanted);
    if (newest) return newest;
    if (Date.now() > end) throw new Error('no message came');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The code in it. */
export async function mailedCode(email: string): Promise<string> {
  const { text } = await newestMail(email);
  return /^\d{6}$/m.exec(text)?.[0] ?? '';
}

/** A person who uses the API as the app does: cookie, Origin and X-Conclave on every call. */
export class Caller {
  cookie = '';
  personalToken = '';

  constructor(
    readonly displayName = 'Someone',
    readonly email = `${randomUUID()}@example.test`,
    readonly password = `correct horse ${randomUUID()}`,
  ) {}

  /** Signs up, where mail goes out with the code from it; the answer holds the personal token. */
  async signUp(): Promise<SignedUp> {
    const { displayName, email, password } = this;
    const wish = { email, password, displayName };
    const asked = await this.call<SignedUp & { status: string }>('POST', '/account', wish);
    if (asked.status !== 201) throw new Error(`sign-up answered ${asked.status}`);
    const body = asked.body.status === 'check_mail' ? await this.prove(asked.headers) : asked.body;
    this.personalToken = body.personalToken;
    return body;
  }

  private async prove(headers: Headers): Promise<SignedUp> {
    const cookie = headers.getSetCookie().find((line) => line.startsWith('__Host-sign-up=')) ?? '';
    const code = await mailedCode(this.email);
    const proof = { cookie: cookie.split(';')[0] ?? '' };
    const { status, body } = await this.call<SignedUp>('POST', '/account/verify', { code }, proof);
    if (status !== 201) throw new Error(`the code of a sign-up was answered ${status}`);
    return body;
  }

  /** One call under /api/v1; a cookie that comes back is kept. */
  async call<T = Record<string, never>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const raw = body instanceof Uint8Array;
    const response = await fetch(`${baseUrl()}/api/v1${path}`, {
      method,
      headers: {
        origin: baseUrl(),
        'x-conclave': '1',
        ...(this.cookie && { cookie: this.cookie }),
        ...(body !== undefined && !raw && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? new Blob([body as BlobPart]) : JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='));
    if (set) this.cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text;
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
  }
}

/** A signed-up person. */
export async function person(displayName: string): Promise<Caller> {
  const caller = new Caller(displayName);
  await caller.signUp();
  return caller;
}
