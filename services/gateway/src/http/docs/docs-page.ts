/** A part of the OpenAPI document. */
type Json = { [key: string]: unknown };

interface Operation {
  readonly summary: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { name: string; in: string; required?: boolean; description?: string; schema: Json }[];
  readonly requestBody?: { readonly content: Record<string, { schema: Json }> };
  readonly responses: Record<string, { description?: string; content?: Record<string, { schema: Json }> }>;
}

const style = `
:root{color-scheme:light dark;font:16px/1.55 system-ui,sans-serif}
body{max-width:56rem;margin:0 auto;padding:2rem 1rem}
details{border:1px solid color-mix(in srgb,currentColor 18%,transparent);border-radius:.6rem;margin:.5rem 0}
summary{padding:.6rem .9rem;cursor:pointer;display:flex;gap:.75rem;align-items:baseline;flex-wrap:wrap}
summary b{min-width:4.2rem;font:600 .85rem ui-monospace,monospace}
summary code{font:.95rem ui-monospace,monospace}
summary span{opacity:.75}
.in{padding:0 .9rem .9rem}
pre{overflow:auto;padding:.75rem;border-radius:.4rem;background:color-mix(in srgb,currentColor 8%,transparent);font:.82rem/1.45 ui-monospace,monospace}
h3{font-size:.95rem;margin:1rem 0 .25rem}
`;

/** The API on one page, without a script: what the document says, and nothing that a browser would have to fetch. */
export function docsPage(document: Json, nonce: string): string {
  const paths = document['paths'] as Record<string, Record<string, Operation>>;
  const components = document['components'] as { schemas: Record<string, Json> };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(method, path, operation)),
  );
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<details id="${escape(name)}"><summary><code>${escape(name)}</code></summary><div class="in">${code(schema)}</div></details>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Conclave API</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style nonce="${nonce}">${style}</style></head>
<body><h1>Conclave API</h1>
<p>Everything lies under <code>/api/v1</code>; the same as a document: <a href="/api/v1/openapi.json">openapi.json</a>.
API clients send <code>Authorization: Bearer cnv_…</code>. Refusals are <code>application/problem+json</code> with a <code>reason</code>.</p>
${operations.join('\n')}<h2>Shapes</h2>${schemas.join('\n')}</body></html>`;
}

function section(method: string, path: string, operation: Operation): string {
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const answers = Object.entries(operation.responses).map(([status, response]) => {
    const schema = Object.values(response.content ?? {})[0]?.schema;
    return schema ? `<h3>Answer ${escape(status)}</h3>${code(schema)}` : '';
  });
  const parameters = operation.parameters.map(
    ({ name, in: place, required, description }) =>
      `<li><code>${escape(name)}</code> (${escape(place)}${required ? ', required' : ''})${description ? `: ${escape(description)}` : ''}</li>`,
  );
  return `<details><summary><b>${escape(method.toUpperCase())}</b><code>${escape(path)}</code><span>${escape(operation.summary)}</span></summary>
<div class="in"><p>${operation.security ? 'Signed in.' : 'For everybody.'}</p>${parameters.length > 0 ? `<ul>${parameters.join('')}</ul>` : ''}
${body ? `<h3>Body</h3>${code(body)}` : ''}${answers.join('')}</div></details>`;
}

const code = (value: unknown): string => `<pre>${escape(JSON.stringify(value, null, 2))}</pre>`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
