import { comments } from '@conclave/contracts';
import { openWorld, type World } from './support/world.js';

/** Rows of the API design that are stable and belong to what exists: they may be added to, never taken from. */
const stable = [
  'POST /account',
  'POST /account/address-back/{token}',
  'POST /me/address',
  'POST /me/address/verify',
  'POST /account/recover',
  'POST /account/recover/{token}',
  'POST /account/verify',
  'GET /me',
  'PATCH /me',
  'POST /session',
  'DELETE /session',
  'GET /me/sessions',
  'DELETE /me/sessions/{id}',
  'POST /me/personal-token',
  'POST /rooms',
  'GET /rooms',
  'GET /rooms/{slug}',
  'PATCH /rooms/{slug}',
  'DELETE /rooms/{slug}',
  'GET /rooms/{slug}/door',
  'POST /rooms/{slug}/invitations',
  'GET /rooms/{slug}/invitations',
  'DELETE /rooms/{slug}/invitations/{id}',
  'POST /invitations/accept',
  'GET /rooms/{slug}/access-code',
  'PUT /rooms/{slug}/access-code',
  'DELETE /rooms/{slug}/access-code',
  'POST /rooms/{slug}/entry',
  'POST /rooms/{slug}/end',
  'POST /rooms/{slug}/leave',
  'GET /rooms/{slug}/participants',
  'PATCH /rooms/{slug}/members/{userId}',
  'POST /rooms/{slug}/participants/{joinId}/mute',
  'POST /rooms/{slug}/participants/{joinId}/remove',
  'GET /rooms/{slug}/messages',
  'POST /rooms/{slug}/messages',
  'POST /rooms/{slug}/files',
  'GET /rooms/{slug}/files',
  'GET /rooms/{slug}/files/{id}',
  'DELETE /rooms/{slug}/files/{id}',
  'GET /rooms/{slug}/files/{id}/content',
];

interface Operation {
  operationId: string;
  summary: string;
  parameters: { name: string; in: string; required: boolean }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, unknown>;
  security?: unknown[];
}

describe('the OpenAPI document', () => {
  let world: World;
  let document: { paths: Record<string, Record<string, Operation>>; components: { schemas: object } };
  beforeAll(async () => {
    world = await openWorld();
    document = (await world.ask('GET', '/api/v1/openapi.json')).json;
  }, 60_000);
  afterAll(() => world.close());

  const described = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        operation,
      })),
    );

  it('describes exactly what is served', () => {
    expect(
      described()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(world.gateway.routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it('holds every stable row of the design', () => {
    expect(described().map(({ name }) => name)).toEqual(expect.arrayContaining(stable));
  });

  it('names each operation once, its parameters, and how it may be refused', () => {
    const ids = described().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of described()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
      expect(declared.map(({ name }) => name).sort()).toEqual(inPath.sort());
      expect(declared.every(({ required }) => required)).toBe(true);
      expect(operation.responses).toHaveProperty('default');
    }
  });

  it('names the idempotency key where a call honours it, and nowhere else', () => {
    const named = described().filter(({ operation }) =>
      operation.parameters.some((parameter) => parameter.name === 'Idempotency-Key'),
    );
    expect(named.map(({ name }) => name).sort()).toEqual([
      'POST /account',
      'POST /account/verify',
      'POST /rooms',
      'POST /rooms/{slug}/files',
      'POST /rooms/{slug}/invitations',
      'POST /rooms/{slug}/messages',
      'POST /rooms/{slug}/uploads',
    ]);
  });

  it('speaks in the words of the contract, and holds its bounds', () => {
    const { summary, parameters, requestBody } = document.paths['/rooms/{slug}/invitations']!['post']!;
    expect(summary).toBe(comments['conclave.rooms.v1.InvitationsService.CreateInvitation']);
    expect(parameters[0]).toMatchObject({ name: 'slug', schema: { type: 'string', pattern: expect.any(String) } });
    const body = requestBody?.content['application/json']?.schema;
    expect(body).toMatchObject({
      additionalProperties: false,
      properties: { email: { type: 'string', maxLength: expect.any(Number) }, expiresAt: { format: 'date-time' } },
    });
    for (const { operation } of described()) expect(operation.summary).not.toBe('');
  });

  it('answers every list as a page: items, and the cursor of the next', () => {
    type Schema = { $ref?: string; type?: string; items?: Schema; properties?: Record<string, Schema> };
    const schemas = document.components.schemas as Record<string, Schema>;
    const resolved = ({ $ref, ...schema }: Schema): Schema => schemas[$ref?.split('/').at(-1) ?? ''] ?? schema;
    const lists = described().flatMap(({ name, operation }) => {
      const { content } = (operation.responses['200'] ?? {}) as { content?: Record<string, { schema: Schema }> };
      const { properties = {} } = resolved(content?.['application/json']?.schema ?? {});
      const fields = Object.entries(properties).filter(([, field]) => resolved(field.items ?? {}).properties);
      return fields.map(([field]) => `${name} ${field}${'next' in properties ? '' : ' without a cursor'}`);
    });
    expect(lists.filter((list) => !list.endsWith(' items'))).toEqual([]);
    expect(lists).toContain('GET /rooms/{slug}/uploads items');
  });

  it('refers only to shapes that it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      (match) => match[1]!,
    );
    expect(references.length).toBeGreaterThan(20);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(references)]));
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('says who must be signed in', () => {
    for (const { name, operation } of described()) {
      const open = world.gateway.routes.some(
        (route) => `${route.method} ${route.path}` === name && route.access === 'public',
      );
      expect([name, operation.security === undefined]).toEqual([name, open]);
    }
  });
});
