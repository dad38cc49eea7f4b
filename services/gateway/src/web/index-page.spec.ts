import { IndexPage } from './index-page.js';

describe('index page', () => {
  it('gives every script and style the nonce of the response', () => {
    const page = new IndexPage(
      '<link rel="modulepreload" href="chunk-A.js"><script src="main-B.js" type="module"></script><style>a{}</style><x-y ngCspNonce="__CSP_NONCE__"></x-y>',
    );
    expect(page.withNonce('R4nd')).toBe(
      '<link nonce="R4nd" rel="modulepreload" href="/chunk-A.js"><script nonce="R4nd" src="/main-B.js" type="module"></script><style nonce="R4nd">a{}</style><x-y ngCspNonce="R4nd"></x-y>',
    );
  });

  it('keeps a nonce the build has placed, and addresses that are absolute', () => {
    const html =
      '<script nonce="__CSP_NONCE__" src="/main.js"></script><link rel="icon" href="data:,"><link href="./a.css" rel="stylesheet">';
    expect(new IndexPage(html).withNonce('N')).toBe(
      '<script nonce="N" src="/main.js"></script><link rel="icon" href="data:,"><link href="/a.css" rel="stylesheet">',
    );
  });
});
