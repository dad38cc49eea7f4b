import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type * as Swc from '@swc/core';
import { ensureChromium } from '../chromium.mjs';

/** What a page of modules is made of. */
export interface ModulePageOptions {
  /** Folders by the path they are served under, such as `/sealing/`. Where there is no `x.js`, `x.ts` is compiled. */
  readonly folders: Readonly<Record<string, URL>>;
  /** Path of the module that the page starts with; it puts what can be called into `globalThis.inPage`. */
  readonly entry: string;
  /** Paths by the name of a package. Workers have no such map. */
  readonly imports?: Readonly<Record<string, string>>;
  /** The page's Content-Security-Policy for a nonce; none where nothing is said. */
  readonly policy?: (nonce: string) => string;
}

/** Modules that run in real Chromium. */
export interface ModulePage {
  /** Of the browser that it runs in. */
  readonly version: string;
  /** Calls a function of `globalThis.inPage`; arguments and answer go as JSON. */
  call<Answer>(name: string, ...args: readonly unknown[]): Promise<Answer>;
  close(): Promise<void>;
}

type InPage = Record<string, (...args: readonly unknown[]) => unknown>;

/** Starts Chromium, with a page under the policy that our own pages have, and modules served as they lie in the sources. */
export async function modulePage(options: ModulePageOptions): Promise<ModulePage> {
  const { chromium } = await import('@playwright/test');
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (path === '/') return sendPage(response, options);
    const code = moduleAt(path, options.folders);
    if (code === undefined) return response.writeHead(404).end();
    return response.setHeader('content-type', 'text/javascript').end(code);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  });
  const close = async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await page
      .waitForFunction(() => 'inPage' in globalThis)
      .catch((cause: unknown) => {
        throw new Error(`the modules were not loaded: ${errors.join('; ')}`, { cause });
      });
    return {
      version: browser.version(),
      call: <Answer>(name: string, ...args: readonly unknown[]) =>
        page.evaluate(([called, given]) => (globalThis as unknown as { inPage: InPage }).inPage[called]?.(...given), [
          name,
          args,
        ] as const) as Promise<Answer>,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function sendPage(response: ServerResponse, { entry, imports = {}, policy }: ModulePageOptions): void {
  const nonce = randomBytes(16).toString('base64');
  if (policy) response.setHeader('content-security-policy', policy(nonce));
  response.setHeader('content-type', 'text/html; charset=utf-8').end(
    `<!doctype html><link rel="icon" href="data:,"><title>modules</title>
<script type="importmap" nonce="${nonce}">${JSON.stringify({ imports })}</script>
<script type="module" nonce="${nonce}">import ${JSON.stringify(entry)};</script>`,
  );
}

function moduleAt(path: string, folders: ModulePageOptions['folders']): string | undefined {
  const front = Object.keys(folders).find((each) => path.startsWith(each));
  const folder = front === undefined ? undefined : folders[front];
  if (front === undefined || folder === undefined || path.includes('..')) return undefined;
  const file = fileURLToPath(new URL(`./${path.slice(front.length)}`, folder));
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const source = file.replace(/\.js$/, '.ts');
  return existsSync(source) ? compiled(source) : undefined;
}

/** As `run-sources.mjs` does; whoever serves what is compiled needs no compiler. */
function compiled(filename: string): string {
  const swc = createRequire(import.meta.url)('@swc/core') as typeof Swc;
  const parser = { syntax: 'typescript' } as const;
  const made = swc.transformFileSync(filename, {
    swcrc: false,
    module: { type: 'es6' },
    jsc: { target: 'es2023', parser },
  });
  return made.code;
}
