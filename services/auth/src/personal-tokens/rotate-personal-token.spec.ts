import { world } from '../../test/world.js';
import { PasswordCredential } from '../credentials/password-credential.js';
import { ResolvePersonalToken } from './resolve-personal-token.js';
import { RotatePersonalToken } from './rotate-personal-token.js';
import { VerifyPersonalToken } from './verify-personal-token.js';

const right = 'correct horse battery';

function setting() {
  const parts = world();
  const { transaction, credentials, proof, allowances, issue, audit, tokens, people, digest, principals, metrics } =
    parts;
  const marta = parts.person();
  const ben = parts.person();
  for (const { id: userId } of [marta, ben])
    credentials.add(parts.em, PasswordCredential.create({ userId, hash: `hashed:${right}`, now: parts.clock.now() }));
  const rotation = new RotatePersonalToken(transaction, credentials, proof, allowances, issue, audit);
  const resolution = new ResolvePersonalToken(transaction, tokens, people, digest, principals, metrics);
  const verification = new VerifyPersonalToken(transaction, tokens, digest);
  return {
    ...parts,
    marta,
    ben,
    first: issue.first(parts.em, marta.id),
    rotate: (password = right) => rotation.execute({ userId: marta.id, password }),
    resolve: (token: string) => resolution.execute(token),
    verify: (personalToken: string, userId = marta.id) => verification.execute({ userId, personalToken }),
  };
}

describe('the personal token', () => {
  it('stands for its person, however it is typed, and is kept as a digest only', async () => {
    const { resolve, verify, first, marta, tokens } = setting();
    expect(await resolve(first.toUpperCase().replaceAll('-', ' '))).toMatchObject({ userId: marta.id });
    await expect(verify(first)).resolves.toBeUndefined();
    expect(tokens.all[0]?.digest).toHaveLength(32);
  });

  it('is replaced on rotation, and the old one is dead', async () => {
    const { rotate, resolve, verify, first, audit } = setting();
    const second = await rotate();
    expect(second).not.toBe(first);
    await expect(resolve(first)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
    await expect(verify(first)).rejects.toMatchObject({ reason: 'PERSONAL_TOKEN_WRONG' });
    await expect(verify(second)).resolves.toBeUndefined();
    expect(audit.actions).toEqual(['personal-token.rotated']);
  });

  it('is not replaced without the password, and the password cannot be guessed at', async () => {
    const { rotate, verify, first, audit, hasher } = setting();
    for (let i = 0; i < 5; i++)
      await expect(rotate('wrong guess')).rejects.toMatchObject({ reason: 'CREDENTIALS_WRONG' });
    await expect(rotate()).rejects.toMatchObject({ reason: 'RATE_LIMITED' });
    expect(hasher.verifications).toBe(5);
    await expect(verify(first)).resolves.toBeUndefined();
    expect(audit.actions).toEqual(Array(5).fill('personal-token.rotation-failed'));
  });

  it('of one person proves nothing for another', async () => {
    const { verify, first, ben, issue, em } = setting();
    await expect(verify(first, ben.id)).rejects.toMatchObject({ reason: 'PERSONAL_TOKEN_WRONG' });
    issue.first(em, ben.id);
    await expect(verify(first, ben.id)).rejects.toMatchObject({ reason: 'PERSONAL_TOKEN_WRONG' });
  });

  it.each(['', 'cnv_', 'cnv_ses_x', 'Bearer x', 'x'.repeat(100_000)])('is not %j', async (text) => {
    const { resolve, verify } = setting();
    await expect(resolve(text)).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
    await expect(verify(text)).rejects.toMatchObject({ reason: 'PERSONAL_TOKEN_WRONG' });
  });
});
