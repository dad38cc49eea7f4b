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

/** A person who uses the API as the app does: cookie, Origin and X-Conclave on every call. */
export class Caller {
  cookie = '';
  personalToken = '';

  constructor(
    readonly displayName = 'Someone',
    readonly email = `${randomUUID()}@example.test`,
    readonly password = `correct horse ${randomUUID()}`,
  ) {}

  /** Signs up; the answer holds the personal token. */
  async signUp(): Promise<{ user: { id: string }; personalToken: string }> {
    const { displayName, email, password } = this;
    const { status, body } = await this.call<{ user: { id: string }; personalToken: string }>('POST', '/account', {
      email,
      password,
      displayName,
    });
    if (status !== 201) throw new Error(`sign-up answered ${status}`);
    this.personalToken = body.personalToken;
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
