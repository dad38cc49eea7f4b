// The web app's types and client of the API, from the gateway's own OpenAPI document.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** The document, by the gateway's sources as they are now. */
function readDocument() {
  const run = ['--import', './libs/testing/run-sources.mjs', 'services/gateway/src/print-openapi.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, run, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const comment = (words) => (words ? `/** ${words.replaceAll('*/', '* /')} */\n` : '');
const nameOf = (reference) => reference.split('/').at(-1);
const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** The TypeScript of a JSON Schema, as far as our document goes. */
function typeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.enum) return schema.enum.map((word) => JSON.stringify(word)).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema.items)})[]`;
    case 'object':
      return schema.properties
        ? `{ ${members(schema)} }`
        : `Readonly<Record<string, ${typeOf(schema.additionalProperties)}>>`;
    default:
      throw new Error(`no type for ${JSON.stringify(schema)}`);
  }
}

/** What may be left out may also be undefined: callers need not pick. */
const members = ({ properties, required = [] }) =>
  Object.entries(properties)
    .map(([name, schema]) => {
      const optional = !required.includes(name);
      return `${comment(schema.description)}readonly ${name}${optional ? '?' : ''}: ${typeOf(schema)}${optional ? ' | undefined' : ''};`;
    })
    .join('\n');

const declared = (name, schema) =>
  schema.type === 'object' && schema.properties
    ? `${comment(schema.description)}export interface ${name} { ${members(schema)} }`
    : `${comment(schema.description)}export type ${name} = ${typeOf(schema)};`;

const page =
  'readonly items: readonly T[];\n/** Where the next page begins; null at the end. */\nreadonly next: string | null;';

/** The type of an answer, and what has to be declared for it. */
function answerType(operationId, schema) {
  if (!schema) return { type: 'undefined', declares: [] };
  if (schema.$ref) return { type: typeOf(schema), declares: [] };
  const { items, next, ...rest } = schema.properties;
  const name = `${capital(operationId)}Answer`;
  if (!items || !next) return { type: name, declares: [declared(name, schema)] };
  const of = `Page<${typeOf(items.items)}>`;
  if (Object.keys(rest).length === 0) return { type: of, declares: [] };
  const besides = { ...schema, properties: rest };
  return { type: name, declares: [`export type ${name} = ${of} & ${typeOf(besides)};`] };
}

/** One method; undefined where bytes go up or come down, or only headers, which is not a call of JSON. */
function methodOf(path, method, { operationId, summary, parameters, requestBody, responses }) {
  const body = requestBody?.content['application/json']?.schema;
  const [status, response] = Object.entries(responses)[0];
  const content = Object.entries(response.content ?? {})[0];
  const isBytes =
    content?.[1].schema.format === 'binary' || (requestBody && !body) || status === '303' || method === 'options';
  if (isBytes) return undefined;
  const answer = answerType(operationId, content?.[1].schema);
  const declares = [...answer.declares];
  const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
  const query = parameters.filter((one) => one.in === 'query');
  const repeatable = parameters.some(({ name }) => name === 'Idempotency-Key');
  const takes = inPath.map((name) => `${name}: string`);
  const carries = [];
  if (body) {
    const name = `${capital(operationId)}Body`;
    declares.push(declared(name, { ...body, description: `What \`${operationId}\` takes.` }));
    takes.push(`body: ${name}${requestBody.required ? '' : ' = {}'}`);
    carries.push('body');
  }
  if (query.length > 0) {
    const properties = Object.fromEntries(
      query.map(({ name, schema, description }) => [name, { ...schema, description }]),
    );
    takes.push(`query: { ${members({ properties })} } = {}`);
  }
  takes.push('options: CallOptions = {}');
  if (repeatable) carries.push('once: true');
  const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => '${at(' + name + ')}');
  const address = query.length > 0 ? '`' + url + '${textOf(query)}`' : '`' + url + '`';
  const call = `this.http.call<${answer.type}>('${method.toUpperCase()}', ${address}, { ${[...carries, '...options'].join(', ')} })`;
  return { declares, text: `${comment(summary)}${operationId} = (${takes.join(', ')}) => ${call};` };
}

/** The whole file. */
function clientOf({ paths, components }) {
  const methods = Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => methodOf(path, method, operation)),
    )
    .filter((method) => method !== undefined);
  return `// Generated from the gateway's routes by tools/generate.mjs. Do not edit.
import { inject, Injectable } from '@angular/core';
import { Http, type CallOptions } from './http';

${Object.entries(components.schemas)
  .filter(([name]) => name !== 'Problem')
  .map(([name, schema]) => declared(name, schema))
  .join('\n\n')}

/** A part of a list. */
export interface Page<T> { ${page} }

${methods.flatMap(({ declares }) => declares).join('\n\n')}

const at = encodeURIComponent;

/** The part of an address that asks: what is undefined is not asked. */
function textOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  return pairs.length === 0 ? '' : \`?\${pairs.map(([name, value]) => \`\${name}=\${at(value)}\`).join('&')}\`;
}

/** Every route of the API that speaks JSON, one method each. */
@Injectable({ providedIn: 'root' })
export class Api {
  private readonly http = inject(Http);

${methods.map(({ text: method }) => method).join('\n\n')}
}
`;
}

/** Writes the client. */
export async function writeClient(target) {
  const options = await resolveConfig('web/src/app/core/api/api.gen.ts');
  writeFileSync(target, await format(clientOf(readDocument()), { ...options, parser: 'typescript' }));
}
