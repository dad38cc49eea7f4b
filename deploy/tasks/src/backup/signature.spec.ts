import { newSigner, Signer, Signers } from './signature.js';

const manifest = Buffer.from('{"format":"conclave-backup/1"}\n');

describe('a signature', () => {
  const { secret, name } = newSigner();
  const signer = new Signer(`# signer: ${name}\n${secret}\n`);

  it('is believed for these bytes and this signer, and for nothing else', () => {
    const made = signer.sign(manifest);
    expect(signer.name).toBe(name);
    expect(new Signers([name]).signed(manifest, made)).toBe(true);
    expect(new Signers([newSigner().name, name]).signed(manifest, made)).toBe(true);
    expect(new Signers([name]).signed(Buffer.concat([manifest, Buffer.from(' ')]), made)).toBe(false);
    expect(new Signers([newSigner().name]).signed(manifest, made)).toBe(false);
  });

  it('in somebody else’s name is none', () => {
    const other = new Signer(newSigner().secret);
    expect(new Signers([name]).signed(manifest, { ...other.sign(manifest), signer: name })).toBe(false);
    expect(new Signers([name]).signed(manifest, { signer: name, signature: '' })).toBe(false);
  });

  it('by a name that is none is not asked for by mistake', () => {
    expect(() => new Signers([])).toThrow('name 1 is no signer');
    expect(() => new Signers([name, 'signer1short'])).toThrow('name 2 is no signer');
    expect(() => new Signer(name)).toThrow('BACKUP_SIGNING_KEY is none');
  });
});
