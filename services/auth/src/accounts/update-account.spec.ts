import { world } from '../../test/world.js';
import { GetAccount } from './get-account.js';
import { UpdateAccount } from './update-account.js';

function setting() {
  const parts = world();
  const { transaction, people, outbox, clock } = parts;
  const marta = parts.person({ displayName: 'Marta Berg' });
  const useCase = new UpdateAccount(transaction, people, outbox, clock);
  return {
    ...parts,
    marta,
    get: (userId: string) => new GetAccount(transaction, people).execute(userId),
    rename: (displayName: string, userId = marta.id) => useCase.execute({ userId, displayName }),
  };
}
const gone = '01890000-0000-7000-8000-000000000000';

describe('UpdateAccount', () => {
  it('renames, and announces the id but not the name', async () => {
    const { rename, events, marta, get } = setting();
    await rename('  Zoe\u0308 ');
    expect((await get(marta.id)).displayName).toBe('Zo\u00eb');
    expect(events).toEqual([{ type: 'account.renamed', payload: { userId: marta.id } }]);
  });

  it('announces nothing when the name stays', async () => {
    const { rename, events } = setting();
    await rename('Marta Berg');
    expect(events).toEqual([]);
  });

  it('refuses a name that is none', async () => {
    const { rename } = setting();
    await expect(rename(' ')).rejects.toMatchObject({ reason: 'INVALID_ARGUMENT', details: { field: 'displayName' } });
  });

  it('knows nobody whose account is gone', async () => {
    const { rename, get } = setting();
    await expect(rename('Marta', gone)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
    await expect(get(gone)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });
});
