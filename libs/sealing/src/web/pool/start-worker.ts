import type { WebWorker } from './messages.js';

/** What is used of a page, by names that both Node's and the browser's type libraries know. */
interface Page {
  readonly location: { readonly origin: string };
  readonly Worker: new (url: unknown, options: { readonly type: 'module'; readonly name: string }) => WebWorker;
  readonly trustedTypes?: { createPolicy(name: string, rules: { createScriptURL(url: string): string }): ScriptPolicy };
}

interface ScriptPolicy {
  createScriptURL(url: string): unknown;
}

const page = globalThis as unknown as Page;

/** Under `require-trusted-types-for 'script'` no string starts a worker. A page may make the policy once. */
let policy: ScriptPolicy | undefined;

/** Only what lies on our own origin is a worker of ours, whoever asks. */
function ownOrigin(url: string): string {
  if (new URL(url).origin !== page.location.origin) throw new TypeError('a worker comes from our own origin');
  return url;
}

/** Starts `pool/worker` from where the page's build has put it; the page's policy must name `conclave-worker` where it names any. */
export function startWorker(url: URL): WebWorker {
  policy ??= page.trustedTypes?.createPolicy('conclave-worker', { createScriptURL: ownOrigin });
  return new page.Worker(policy ? policy.createScriptURL(url.href) : ownOrigin(url.href), {
    type: 'module',
    name: 'sealing',
  });
}
