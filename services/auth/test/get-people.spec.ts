import { runAuth, signUp, type RunningAuth } from './support/running-auth.js';
import { refusalOf } from './support/refusal.js';

let running: RunningAuth;
beforeAll(async () => {
  running = await runAuth();
}, 120_000);

const get = (ids: string[]) => running.rooms.people.getPeople({ ids });
const unknown = '01890000-0000-7000-8000-000000000000';

describe('GetPeople', () => {
  it('gives names and nothing else, and leaves out who does not exist', async () => {
    const [marta, ben] = [await signUp(running), await signUp(running, { displayName: 'Ben Okafor' })];
    const { people } = await get([marta.id, unknown, ben.id, marta.id]);
    const plain = people.map(({ id, displayName }) => ({ id, displayName }));
    expect(plain).toHaveLength(2);
    expect(plain).toEqual(
      expect.arrayContaining([
        { id: marta.id, displayName: 'Marta Berg' },
        { id: ben.id, displayName: 'Ben Okafor' },
      ]),
    );
    expect(Object.keys(people[0] ?? {}).sort()).toEqual(['$typeName', 'displayName', 'id']);
  });

  it('takes 200 ids and no more, and only ids', async () => {
    await expect(get(Array<string>(200).fill(unknown))).resolves.toMatchObject({ people: [] });
    await expect(get([])).resolves.toMatchObject({ people: [] });
    for (const [ids, field] of [
      [Array<string>(201).fill(unknown), 'ids'],
      [['x'], 'ids.0'],
      [['\'; drop table "user"; --'], 'ids.0'],
      [[unknown, ''], 'ids.1'],
    ] as const)
      expect(await refusalOf(get([...ids]))).toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field } });
  });
});
