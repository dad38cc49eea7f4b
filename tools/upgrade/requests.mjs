// Real requests through the gateway, as the web app makes them.
import { randomUUID } from 'node:crypto';

/** A person who uses the product across releases. */
export class Person {
  email = `${randomUUID()}@example.test`;
  password = `correct horse ${randomUUID()}`;
  rooms = [];
  #cookie = '';
  #base;

  constructor(base) {
    this.#base = base;
  }

  /** The product moved to another port. */
  moveTo(base) {
    this.#base = base;
    this.#cookie = '';
  }

  async signUp() {
    const { email, password } = this;
    await this.#must(201, 'POST', '/account', { email, password, displayName: 'Aylin Kaya' });
  }

  async signIn() {
    const { email, password } = this;
    await this.#must(200, 'POST', '/session', { email, password });
  }

  /** Rooms hears of the session's end by the feed of auth. */
  async signOut() {
    await this.#must(204, 'DELETE', '/session');
    this.#cookie = '';
  }

  /** Writes into every service's tables that can be reached without a meeting. */
  async write(name) {
    const room = await this.#must(201, 'POST', '/rooms', { name });
    this.rooms.push(room.slug);
    await this.#must(201, 'POST', `/rooms/${room.slug}/invitations`, { email: `${randomUUID()}@example.test` });
    // Sealed under the room's key by rooms, and opened again: proves KEK and key tables.
    const code = await this.#must(200, 'PUT', `/rooms/${room.slug}/access-code`);
    if (!code.accessCode) throw new Error('the access code did not come back');
    await this.#enter(room.slug);
    // Into the log of the room; and one room that files hears of by the feed of rooms.
    await this.#must(200, 'PATCH', `/rooms/${room.slug}`, { name: `${name}, renamed` });
    const gone = await this.#must(201, 'POST', '/rooms', { name });
    await this.#must(204, 'DELETE', `/rooms/${gone.slug}`);
  }

  async #enter(slug) {
    const entry = await this.#must(200, 'POST', `/rooms/${slug}/entry`, {});
    if (!entry.token) throw new Error('no media token');
  }

  /** Everything that was written, by whichever release, is there. */
  async read() {
    const { items } = await this.#must(200, 'GET', '/rooms');
    const slugs = new Set(items.map(({ slug }) => slug));
    const missing = this.rooms.filter((slug) => !slugs.has(slug));
    if (missing.length > 0) throw new Error(`${missing.length} rooms are gone`);
    for (const slug of this.rooms) {
      const { accessCode } = await this.#must(200, 'GET', `/rooms/${slug}/access-code`);
      if (!accessCode) throw new Error('an access code does not open any more');
      await this.#must(200, 'GET', `/rooms/${slug}/invitations`);
      await this.#enter(slug);
    }
  }

  async #must(wanted, method, path, body) {
    const response = await fetch(`${this.#base}/api/v1${path}`, {
      method,
      headers: {
        origin: this.#base,
        'x-conclave': '1',
        ...(this.#cookie && { cookie: this.#cookie }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const set = response.headers.getSetCookie().find((line) => line.startsWith('__Host-sid='));
    if (set) this.#cookie = set.split(';')[0];
    const text = await response.text();
    if (response.status !== wanted)
      throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 300)}`);
    return text ? JSON.parse(text) : {};
  }
}
