import { z } from 'zod';
import { errorReasons } from '@conclave/errors';
import type { Route } from '../route.js';
import { problem } from '../schemas.js';
import { problemTable } from '../problem.js';

/** A JSON Schema or any other part of the document. */
type Json = { [key: string]: unknown };

/** Where the API lives on the server. */
export const apiPrefix = '/api/v1';

/** OpenAPI 3.1, made from the declarations that also validate: what is not declared is neither served nor documented. */
export function openApiDocument(routes: readonly Route[], publicUrl: string): Json {
  const components = new Components();
  const paths: Record<string, Json> = {};
  for (const declared of routes) {
    const operations = (paths[declared.path] ??= {});
    operations[declared.method.toLowerCase()] = operation(declared, components);
  }
  components.schemaOf(problem, 'output');
  return {
    openapi: '3.1.1',
    info: { title: 'Conclave', version: '1', summary: 'Video meetings that lock.', license: { name: 'Apache-2.0' } },
    servers: [{ url: new URL(publicUrl).origin + apiPrefix }],
    security: [],
    paths,
    components: {
      schemas: components.schemas,
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
          description: `A refusal; \`reason\` is one of ${errorReasons.map((reason) => `${reason} (${problemTable[reason][0]})`).join(', ')}.`,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  };
}

/** `getRoomsSlugFiles`: stable and unique, for generated clients. */
export function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function operation(declared: Route, components: Components): Json {
  const body = bodyOf(declared, components);
  return {
    operationId: operationId(declared),
    summary: declared.says,
    tags: [declared.path.split('/').find((part) => part !== '' && !part.startsWith('{')) ?? 'api'],
    ...(declared.access === 'signed-in' && { security: [{ session: [] }, { personalToken: [] }] }),
    parameters: [
      ...parametersOf(declared.params as z.ZodType | undefined, 'path', components),
      ...parametersOf(declared.query as z.ZodType | undefined, 'query', components),
      ...headersOf(declared),
    ],
    ...(body && { requestBody: body }),
    responses: {
      [declared.status]: answerOf(declared, components),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function headersOf(declared: Route): Json[] {
  const own = declared.kind === 'stream' ? Object.entries(declared.headers ?? {}) : [];
  const idempotency: [string, string][] =
    declared.method === 'GET' ? [] : [['Idempotency-Key', 'Makes a repeat harmless; 1 to 128 visible characters.']];
  return [...own, ...idempotency].map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query', components: Components): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = components.schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function bodyOf(declared: Route, components: Components): Json | undefined {
  if (declared.kind === 'stream')
    return declared.accepts === undefined
      ? undefined
      : { required: true, content: { [declared.accepts]: { schema: { type: 'string', format: 'binary' } } } };
  if (!declared.body) return undefined;
  const schema = declared.body as z.ZodType;
  return {
    required: !schema.safeParse(undefined).success,
    content: { 'application/json': { schema: components.schemaOf(schema, 'input') } },
  };
}

function answerOf(declared: Route, components: Components): Json {
  const description = declared.says;
  if (declared.answer)
    return {
      description,
      content: { 'application/json': { schema: components.schemaOf(declared.answer as z.ZodType, 'output') } },
    };
  if (declared.kind === 'stream' && declared.gives !== undefined)
    return { description, content: { [declared.gives]: { schema: { type: 'string', format: 'binary' } } } };
  return { description };
}

/** Schemas with an id, once each. */
class Components {
  readonly schemas: Record<string, Json> = {};

  schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _dialect,
      $defs,
      ...made
    } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as Json & {
      $defs?: Record<string, Json>;
    };
    for (const [name, definition] of Object.entries($defs ?? {})) this.schemas[name] = this.relocated(definition);
    const own = schema.meta()?.id;
    if (own === undefined) return this.relocated(made);
    this.schemas[own] ??= this.relocated(made);
    return { $ref: `#/components/schemas/${own}` };
  }

  /** Zod refers to `#/$defs/Name`; OpenAPI keeps them elsewhere. */
  private relocated(schema: Json): Json {
    const text = JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/');
    const { id: _id, ...rest } = JSON.parse(text) as Json;
    return rest;
  }
}
