import { create, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { auth, fieldRules, files, messageCheck, rooms, services, zeroFiller } from './index.js';

const requests = Object.values(services)
  .flat()
  .flatMap((service) => service.methods)
  .map((method) => method.input);

/** Every value of a bool is one, so there is nothing to say about it. */
const speaksForItself = (field: DescField): boolean => field.fieldKind === 'scalar' && field.scalar === ScalarType.BOOL;

const unruled = (message: DescMessage): string[] =>
  message.fields.flatMap((field) => {
    if (fieldRules(field) || speaksForItself(field)) return [];
    if (field.fieldKind === 'message' && !field.message.typeName.startsWith('google.')) return unruled(field.message);
    return [`${message.typeName}.${field.name}`];
  });

describe('the rules of fields', () => {
  it('are declared on every field of every request', () => {
    expect(requests.flatMap(unruled)).toEqual([]);
  });

  it('compile', () => {
    for (const request of requests) expect(() => messageCheck(request)).not.toThrow();
  });

  it.each([
    [rooms.GetRoomRequestSchema.field.slug, { required: true, shared: 'slug' }],
    [files.GetFileRequestSchema.field.fileId, { required: true, shared: 'id', format: 'uuid' }],
    [auth.EndSessionRequestSchema.field.sessionId, { required: false, emptyPasses: true, shared: 'id' }],
    [auth.CreateAccountRequestSchema.field.displayName, { required: true, minLength: 1, maxLength: 80, patterns: [] }],
    [auth.CreateAccountRequestSchema.field.password, { required: false, maxLength: 256 }],
    [rooms.UpdateRoomRequestSchema.field.name, { required: false, minLength: 1, maxLength: 120 }],
    [rooms.ListRoomsRequestSchema.field.limit, { required: false, maximum: 100, default: 50 }],
    [rooms.ListRoomEventsRequestSchema.field.after, { required: false, maximum: (1n << 63n) - 1n }],
    [rooms.CreateRoomRequestSchema.field.accessLevel, { required: false, values: [0, 1, 2, 3, 4] }],
    [rooms.UpdateRoomRequestSchema.field.accessLevel, { required: false, values: [1, 2, 3, 4] }],
    [auth.GetPeopleRequestSchema.field.ids, { maxItems: 200, items: expect.objectContaining({ shared: 'id' }) }],
    [
      rooms.CreateInvitationRequestSchema.field.expiresAt,
      { format: 'date-time', future: true, withinSeconds: 7_776_000 },
    ],
  ] as const)('are told of %s', (field, told) => {
    expect(fieldRules(field)).toMatchObject(told);
  });
});

describe('a check', () => {
  const room = messageCheck(rooms.UpdateRoomRequestSchema);
  const slug = 'lusab-babad-gutih-tugad';

  it('lets pass what fits', () => {
    expect(() => room(create(rooms.UpdateRoomRequestSchema, { slug }))).not.toThrow();
  });

  it.each([
    ['slug', { slug: 'Lusab' }],
    ['name', { slug, name: 'a'.repeat(121) }],
    ['accessLevel', { slug, accessLevel: 99 }],
  ])('names the field %s', (field, init) => {
    expect(() => room(create(rooms.UpdateRoomRequestSchema, init))).toThrow(
      expect.objectContaining({ reason: 'INVALID_ARGUMENT', details: { field } }),
    );
  });

  it('counts code points', () => {
    expect(() => room(create(rooms.UpdateRoomRequestSchema, { slug, name: '🦊'.repeat(120) }))).not.toThrow();
  });

  it('names the item of a list', () => {
    const ids = ['01923000-0000-7000-8000-000000000001', '1'];
    expect(() => messageCheck(auth.GetPeopleRequestSchema)(create(auth.GetPeopleRequestSchema, { ids }))).toThrow(
      expect.objectContaining({ details: { field: 'ids.1' } }),
    );
  });

  it('reads a limit of 0 as the usual one', () => {
    const request = create(rooms.ListRoomsRequestSchema);
    zeroFiller(rooms.ListRoomsRequestSchema)(request);
    expect(request.limit).toBe(50);
  });
});
