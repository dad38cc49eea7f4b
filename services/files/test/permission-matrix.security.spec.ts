import { randomBytes } from 'node:crypto';
import {
  accessOf,
  create,
  files,
  permissionsOf,
  refusalAt,
  toBinary,
  type DescMethod,
  type Permission,
  type RoomRole,
} from '@conclave/contracts';
import type { TestPerson } from '@conclave/messaging/testing';
import { filesWorld, type FilesWorld } from './support/files-world.js';

const roles = ['owner', 'moderator', 'participant'] as const;
const methods = [...files.FilesService.methods, ...files.UploadsService.methods];
const askedBy = (method: DescMethod) => accessOf(method).permissions as Permission[];

/** What is behind the door; whose a thing is, only the thing knows. */
const outcomes: Readonly<Record<string, (role: RoomRole) => string>> = {
  // The door lets a participant delete what is their own.
  DeleteFile: (role) => (role === 'participant' ? 'PERMISSION_DENIED' : 'ok'),
  // An upload is nobody's but whose it is, whatever others may do.
  GetUpload: () => 'NOT_FOUND',
  ResumeUpload: () => 'NOT_FOUND',
  EndUpload: () => 'NOT_FOUND',
};

let world: FilesWorld;
beforeAll(async () => {
  world = await filesWorld();
}, 120_000);
beforeEach(() => {
  world.rooms.permissionsOf = (role) => [...permissionsOf(role)];
});

const call = async (method: DescMethod, person: TestPerson, values: Record<string, unknown>): Promise<string> => {
  const known = new Set(method.input.fields.map(({ localName }) => localName));
  const init = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)));
  return (await world.rawCall(method, toBinary(method.input, create(method.input, init)), person.token)) || 'ok';
};

/** A room with a file of somebody, and what a request may name there. */
async function scene(owner?: TestPerson) {
  const room = world.rooms.room();
  const sharer = owner ?? world.inside(room);
  if (owner) world.rooms.enter(room.id, owner);
  const fileId = await world.share(sharer, room.slug, randomBytes(10));
  return { room, values: { slug: room.slug, fileId, name: 'a.txt', type: 'text/plain', size: 1n } };
}

describe('the matrix of permissions', () => {
  it('has every method of files', () => {
    expect(methods.map((method) => [method.name, askedBy(method).length > 0])).toEqual(
      [
        ...['StartUpload', 'ListFiles', 'GetFile', 'DeleteFile', 'GetDigest', 'OpenContent'],
        ...['ListUploads', 'GetUpload', 'ResumeUpload', 'EndUpload'],
      ].map((name) => [name, true]),
    );
  });

  it.each(methods.map((method) => [method.name, method] as const))('%s', async (_name, method) => {
    for (const role of roles)
      for (const inside of [true, false]) {
        const { room, values } = await scene();
        const person = inside ? world.inside(room, role) : world.principals.person();
        const refusal = refusalAt(askedBy(method), { role, inside });
        expect({ role, inside, outcome: await call(method, person, values) }).toEqual({
          role,
          inside,
          outcome: refusal ?? outcomes[method.name]?.(role) ?? 'ok',
        });
      }
    const stranger = await call(method, world.principals.person(), {
      ...(await scene()).values,
      slug: 'never-was-one',
    });
    expect(stranger).toBe('NOT_PRESENT');
  });

  it('lets everybody shred what is their own', async () => {
    const person = world.principals.person();
    const { values } = await scene(person);
    expect(await call(files.FilesService.method.deleteFile, person, values)).toBe('ok');
  });
});

describe('what the proof of presence does not give', () => {
  const without =
    (...gone: Permission[]) =>
    (role: RoomRole) =>
      permissionsOf(role).filter((permission) => !gone.includes(permission));

  it.each(methods.map((method) => [method.name, method] as const))('%s is refused', async (_name, method) => {
    const { room, values } = await scene();
    const owner = world.inside(room, 'owner');
    world.rooms.permissionsOf = without(...askedBy(method));
    expect(await call(method, owner, values)).toBe('PERMISSION_DENIED');
  });

  it('is not shown as something that can be done', async () => {
    const { room, values } = await scene();
    const [host, guest] = [world.inside(room, 'moderator'), world.inside(room)];
    const can = async (person: TestPerson) => (await world.as(person).getFile(values)).file?.can;
    expect(await can(host)).toEqual(['file.read', 'file.delete']);
    expect(await can(guest)).toEqual(['file.read']);
    world.rooms.permissionsOf = without('file.delete');
    expect(await can(host)).toEqual(['file.read']);
  });

  it('a hop token does not give either', async () => {
    const { room, values } = await scene();
    const guest = world.inside(room);
    const upload = await world.as(guest).startUpload(values);
    const read = await world.as(guest).openContent(values);
    world.rooms.permissionsOf = without('file.read', 'file.share');
    expect((await world.data.put(upload.fileId, upload.hopToken, randomBytes(1))).status).toBe(403);
    expect((await world.data.get(values.fileId, read.hopToken)).status).toBe(403);
  });
});
