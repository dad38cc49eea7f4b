import { modulePage, type ModulePage } from '@conclave/testing';

const root = new URL('../../../../', import.meta.url);

/** Our sources in real Chromium, under the policy that the gateway sends with every page. */
export async function sealingPage(): Promise<ModulePage> {
  // A library imports no service; what our pages live under is read where it is written.
  const headers = new URL('services/gateway/src/http/security-headers.ts', root).href;
  const { pagePolicy } = (await import(headers)) as { pagePolicy: (nonce: string) => string };
  return modulePage({
    folders: { '/sealing/': new URL('libs/sealing/', root), '/errors/': new URL('libs/errors/src/', root) },
    imports: { '@conclave/errors': '/errors/index.js' },
    entry: '/sealing/test/chromium/in-page.js',
    policy: pagePolicy,
  });
}
