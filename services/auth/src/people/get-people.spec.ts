import { world } from '../../test/world.js';
import { GetPeople } from './get-people.js';

function setting() {
  const parts = world();
  const useCase = new GetPeople(parts.transaction, parts.people);
  return { ...parts, get: (ids: readonly string[]) => useCase.execute(ids) };
}
const unknown = '01890000-0000-7000-8000-000000000000';

describe('GetPeople', () => {
  it('leaves out ids that nobody has and names each person once', async () => {
    const { get, person } = setting();
    const [marta, ben] = [person(), person()];
    expect(await get([marta.id, unknown, ben.id, marta.id])).toEqual([marta, ben]);
    expect(await get([])).toEqual([]);
  });

  it.each([
    ['more than 200', Array<string>(201).fill(unknown)],
    ['what is no id', ['1']],
    ['SQL', ['\'; drop table "user"; --']],
  ])('refuses %s', async (_what, ids) => {
    const { get } = setting();
    await expect(get(ids)).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field: 'ids' } });
  });
});
