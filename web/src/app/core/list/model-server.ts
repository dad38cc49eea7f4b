/** What stands in a list of the model server; every kind of item carries what its store looks at. */
export interface ModelItem {
  readonly id: string;
  readonly [fact: string]: unknown;
}

interface Request {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: unknown) => void;
  answer?: { readonly status: number; readonly body: unknown };
}

/**
 * One list behind the HTTP border, newest first, in pages as the API gives them or whole. A request waits until it is let in (`arrive`:
 * the server reads its list then) and its answer until it is let out (`answer`), so a test decides what overtakes what.
 */
export class ModelServer {
  items: ModelItem[] = [];
  offline = false;
  private readonly requests: Request[] = [];
  private made = 0;

  constructor(
    private readonly itemOf: (id: string) => ModelItem,
    private readonly whole = false,
  ) {}

  readonly fetch: typeof fetch = (input, init) =>
    new Promise((resolve, reject) => {
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
      const url = new URL(String(input), 'https://conclave.test');
      this.requests.push({ method: init?.method ?? 'GET', url, body, resolve, reject });
    });

  get idle(): boolean {
    return this.requests.length === 0;
  }

  add(count: number): void {
    for (let n = 0; n < count; n++) this.items.unshift(this.make());
  }

  /** Takes one off, or moves it to the front as if it had been used. */
  remove(item: ModelItem): void {
    this.items = this.items.filter((one) => one !== item);
  }

  touch(item: ModelItem): void {
    this.remove(item);
    this.items.unshift({ ...item, usedAt: this.turn() });
  }

  /** One request comes in. Without a network it comes to nothing. */
  arrive(): void {
    const request = this.requests.find(({ answer }) => !answer);
    if (!request) return;
    if (this.offline) return this.lose(request);
    request.answer = this.handle(request);
  }

  /** One answer goes out, or is lost. */
  answer(): void {
    const request = this.requests.find(({ answer }) => answer);
    if (!request?.answer) return;
    if (this.offline) return this.lose(request);
    this.requests.splice(this.requests.indexOf(request), 1);
    const { status, body } = request.answer;
    const answer = { ok: status < 400, status, headers: new Headers(), json: async () => body };
    request.resolve(answer as Response);
  }

  private lose(request: Request): void {
    this.requests.splice(this.requests.indexOf(request), 1);
    request.reject(new TypeError('no network'));
  }

  private make(): ModelItem {
    const turn = this.turn();
    return { ...this.itemOf(`id-${turn}`), usedAt: turn };
  }

  private turn(): string {
    return String(++this.made).padStart(6, '0');
  }

  private handle({ method, url }: Request): { status: number; body: unknown } {
    if (method === 'POST') {
      this.add(1);
      return { status: 201, body: this.items[0] };
    }
    if (method === 'DELETE') {
      this.items = this.items.filter(({ id }) => !url.pathname.endsWith(id));
      return { status: 204, body: undefined };
    }
    return { status: 200, body: this.whole ? { items: this.items, next: null } : this.page(url.searchParams) };
  }

  private page(query: URLSearchParams) {
    const limit = Number(query.get('limit') ?? 50);
    if (limit < 1 || limit > 100) throw new Error(`no page holds ${limit}`);
    const after = query.get('after') ?? query.get('before');
    // A cursor names the place where a page ended, not the item: that may have moved or gone since.
    const rest = after ? this.items.filter((item) => placeOf(item) < after) : this.items;
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, next: last && rest.length > limit ? placeOf(last) : null };
  }
}

const placeOf = (item: ModelItem): string => String(item['usedAt']);
