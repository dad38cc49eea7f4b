import { comments, isRepeatable } from '@conclave/contracts';
import { errorReasons, reasonWords } from '@conclave/errors';
import { z } from 'zod';
import { statusOfReason } from '../problem.js';
import type { Route, RpcRoute } from '../route.js';
import { freeFields, hasBody, pathFields } from '../rpc/rpc-plan.js';
import { MessageSchemas, type Json } from './message-schemas.js';

/** Where the API lives on the server. */
export const apiPrefix = '/api/v1';

/** A refusal, as RFC 9457 says it. */
const problem = {
  description: 'A refusal.',
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    reason: { type: 'string', enum: errorReasons },
    correlationId: { type: 'string', description: 'Finds the log lines of this request.' },
    retryAfter: { type: 'integer', description: 'Seconds after which a retry makes sense.' },
    details: { type: 'object', additionalProperties: { type: 'string' } },
  },
  required: ['type', 'title', 'status', 'reason', 'correlationId'],
  additionalProperties: false,
};

/** OpenAPI 3.1, made from the declarations that also serve: what is not declared is neither served nor documented. */
export function openApiDocument(routes: readonly Route[], publicUrl: string): Json {
  const schemas = new MessageSchemas();
  const paths: Record<string, Json> = {};
  for (const declared of routes) {
    const operations = (paths[declared.path] ??= {});
    operations[declared.method.toLowerCase()] = operation(declared, schemas);
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Conclave', version: '1', summary: 'Video meetings that lock.', license: { name: 'Apache-2.0' } },
    servers: [{ url: new URL(publicUrl).origin + apiPrefix }],
    security: [],
    paths,
    components: {
      schemas: { ...schemas.schemas, Problem: problem },
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-sid',
          description: 'Browsers; changes also need an Origin of ours and the header `X-Conclave: 1`.',
        },
        personalToken: { type: 'http', scheme: 'bearer', description: 'API clients: the personal token, `cnv_…`.' },
      },
      responses: {
        Problem: {
          description: `A refusal; \`reason\` is one of ${errorReasons
            .map((reason) => `${reason} (${statusOfReason[reason]}: ${reasonWords[reason]})`)
            .join(', ')}.`,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

function operation(declared: Route, schemas: MessageSchemas): Json {
  const body = bodyOf(declared, schemas);
  return {
    operationId: declared.name,
    summary: summaryOf(declared),
    tags: [declared.path.split('/').find((part) => part !== '' && !part.startsWith('{')) ?? 'api'],
    ...(declared.access === 'signed-in' && { security: [{ session: [] }, { personalToken: [] }] }),
    parameters: [...inPath(declared, schemas), ...inQuery(declared, schemas), ...headersOf(declared)],
    ...(body && { requestBody: body }),
    responses: {
      [declared.status]: answerOf(declared, schemas),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

/** The contract's words for the rpc; a route by hand has its own. */
const summaryOf = (declared: Route): string =>
  declared.kind === 'rpc' ? (comments[`${declared.rpc.parent.typeName}.${declared.rpc.name}`] ?? '') : declared.says;

function inPath(declared: Route, schemas: MessageSchemas): Json[] {
  if (declared.kind === 'json' || !declared.rpc) return [];
  return pathFields(declared.path, declared.rpc, declared.parameters).map(({ name, field }) => {
    const { schema, description } = schemas.parameter(field);
    return { name, in: 'path', required: true, ...(description && { description }), schema };
  });
}

function inQuery(declared: Route, schemas: MessageSchemas): Json[] {
  if (declared.kind !== 'rpc' || hasBody(declared.method)) return [];
  return freeFields(declared).map((field) => ({ name: field.jsonName, in: 'query', ...schemas.parameter(field) }));
}

function headersOf(declared: Route): Json[] {
  const own = declared.kind === 'stream' ? Object.entries(declared.headers ?? {}) : [];
  const repeatable = declared.kind !== 'json' && declared.rpc !== undefined && isRepeatable(declared.rpc);
  const words =
    'Makes a repeat harmless: the first answer comes again. 1 to 128 visible characters, best a random UUID.';
  const idempotency: [string, string][] = repeatable ? [['Idempotency-Key', words]] : [];
  return [...own, ...idempotency].map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
}

function bodyOf(declared: Route, schemas: MessageSchemas): Json | undefined {
  if (declared.kind === 'stream')
    return declared.accepts === undefined
      ? undefined
      : { required: true, content: { [declared.accepts]: { schema: { type: 'string', format: 'binary' } } } };
  if (declared.kind === 'json') {
    const { $schema: _dialect, ...schema } = z.toJSONSchema(declared.body, { io: 'input' }) as Json;
    return { required: true, content: { 'application/json': { schema } } };
  }
  const fields = hasBody(declared.method) ? freeFields(declared) : [];
  if (fields.length === 0) return undefined;
  return {
    required: declared.bodyOptional !== true,
    content: { 'application/json': { schema: schemas.body(fields) } },
  };
}

function answerOf(declared: Route, schemas: MessageSchemas): Json {
  const description = summaryOf(declared);
  const json = (schema: Json): Json => ({ description, content: { 'application/json': { schema } } });
  switch (declared.kind) {
    case 'json':
      return { description };
    case 'stream':
      if (declared.answer) return json(schemas.message(declared.answer));
      return declared.gives === undefined
        ? { description }
        : { description, content: { [declared.gives]: { schema: { type: 'string', format: 'binary' } } } };
    case 'rpc':
      return rpcAnswer(declared, description, json, schemas);
  }
}

function rpcAnswer(
  declared: RpcRoute,
  description: string,
  json: (schema: Json) => Json,
  schemas: MessageSchemas,
): Json {
  if (declared.status === 204) return { description };
  if (declared.status === 303)
    return { description, headers: { Location: { schema: { type: 'string', format: 'uri' } } } };
  return json(schemas.answer(declared));
}
