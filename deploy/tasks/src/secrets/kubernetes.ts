import { readFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '@conclave/platform';

/** A Secret as the API server has it; `data` is decoded. */
export interface StoredSecret {
  readonly resourceVersion: string;
  readonly immutable: boolean;
  readonly data: Readonly<Record<string, string>>;
}

/** What to write. */
export interface SecretWrite {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/** The Secrets of one namespace. `changed` means that somebody else was faster: look again. */
export interface SecretStore {
  get(name: string): Promise<StoredSecret | null>;
  create(name: string, write: SecretWrite): Promise<'done' | 'changed'>;
  /** Adds and replaces the given keys only, and only if nothing has changed since `resourceVersion`. */
  patch(name: string, resourceVersion: string, data: Readonly<Record<string, string>>): Promise<'done' | 'changed'>;
}

const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
const manager = 'fieldManager=conclave-secrets-init';
const attempts = 6;

const encode = (data: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]));

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The API server as a pod sees it: by the token, the CA and the namespace of its service account. */
export class ClusterSecrets implements SecretStore {
  private constructor(
    private readonly host: string,
    private readonly port: number,
    private readonly account: string,
    private readonly namespace: string,
    private readonly ca: string,
  ) {}

  /** @throws OperatorError outside of a pod */
  static async fromPod(env: NodeJS.ProcessEnv = process.env): Promise<ClusterSecrets> {
    const account = env['SERVICE_ACCOUNT_DIR'] ?? folder;
    const host = env['KUBERNETES_SERVICE_HOST'];
    if (!host) throw new OperatorError('This is no pod: KUBERNETES_SERVICE_HOST is not set.');
    const read = (name: string): Promise<string> =>
      readFile(join(account, name), 'utf8').catch((cause: unknown) => {
        throw new OperatorError(
          `The service account is not mounted (${join(account, name)}); this pod needs automountServiceAccountToken.`,
          { cause },
        );
      });
    const port = Number(env['KUBERNETES_SERVICE_PORT_HTTPS'] ?? env['KUBERNETES_SERVICE_PORT'] ?? 443);
    return new ClusterSecrets(host, port, account, (await read('namespace')).trim(), await read('ca.crt'));
  }

  async get(name: string): Promise<StoredSecret | null> {
    const { status, body } = await this.send('GET', `/${name}`);
    if (status === 404) return null;
    if (status !== 200) throw refused('read', name, status, body);
    const secret = JSON.parse(body) as {
      metadata: { resourceVersion: string };
      immutable?: boolean;
      data?: Record<string, string>;
    };
    return {
      resourceVersion: secret.metadata.resourceVersion,
      immutable: secret.immutable === true,
      data: Object.fromEntries(
        Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
      ),
    };
  }

  async create(name: string, { labels, annotations, data }: SecretWrite): Promise<'done' | 'changed'> {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, labels, annotations },
      type: 'Opaque',
      data: encode(data),
    };
    const { status, body } = await this.send('POST', `?${manager}`, 'application/json', secret);
    if (status === 409) return 'changed';
    if (status !== 201) throw refused('create', name, status, body);
    return 'done';
  }

  async patch(
    name: string,
    resourceVersion: string,
    data: Readonly<Record<string, string>>,
  ): Promise<'done' | 'changed'> {
    const merge = { metadata: { resourceVersion }, data: encode(data) };
    const { status, body } = await this.send('PATCH', `/${name}?${manager}`, 'application/merge-patch+json', merge);
    if (status === 409 || status === 404) return 'changed';
    if (status !== 200) throw refused('patch', name, status, body);
    return 'done';
  }

  /** An API server that restarts or is busy gets some seconds; every other answer is an answer. */
  private async send(method: string, path: string, contentType?: string, body?: object): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.once(method, path, contentType, body);
        if ((answer.status < 500 && answer.status !== 429) || attempt >= attempts) return answer;
      } catch (cause) {
        if (attempt >= attempts) {
          const code = (cause as NodeJS.ErrnoException).code ?? 'no answer';
          throw new OperatorError(
            `The API server at ${this.host}:${this.port} cannot be reached (${code}); a NetworkPolicy must let this pod out to it.`,
            { cause },
          );
        }
      }
      await sleep(500 * attempt);
    }
  }

  private async once(method: string, path: string, contentType?: string, body?: object): Promise<Answer> {
    // Read each time: the kubelet replaces the token.
    const token = (await readFile(join(this.account, 'token'), 'utf8')).trim();
    const text = body ? JSON.stringify(body) : undefined;
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        {
          host: this.host,
          port: this.port,
          method,
          path: `/api/v1/namespaces/${this.namespace}/secrets${path}`,
          ca: this.ca,
          timeout: 10_000,
          headers: {
            authorization: `Bearer ${token}`,
            accept: 'application/json',
            ...(text && contentType
              ? { 'content-type': contentType, 'content-length': String(Buffer.byteLength(text)) }
              : {}),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
          );
          response.on('error', reject);
        },
      );
      request.on('timeout', () => request.destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })));
      request.on('error', reject);
      request.end(text);
    });
  }
}

/** The API server's own reason, never its message: that may quote what we sent. */
function refused(what: string, name: string, status: number, body: string): OperatorError {
  const reason = /"reason":"([A-Za-z]+)"/.exec(body)?.[1] ?? '';
  const hint =
    status === 403 || status === 401
      ? ' The Role of this pod needs get, create and patch on secrets.'
      : ' Nothing was changed in it.';
  return new OperatorError(`The API server refused to ${what} Secret ${name}: ${status} ${reason}.${hint}`);
}
