import { UploadCharge } from './upload-charge.js';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

describe('the charge of an upload', () => {
  const run = async (size: number, chunks: readonly number[]) => {
    const paid: number[] = [];
    const charge = new UploadCharge(size, async (bytes) => void paid.push(bytes));
    await charge.begin();
    for (const bytes of chunks) await charge.came(bytes);
    return paid;
  };
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  it('of a promise is a quarter of a MiB, however much is promised', async () => {
    expect(await run(64 * 1024 * mebibyte, [])).toEqual([256 * kibibyte]);
  });

  it('of a small file is its size, in one step', async () => {
    expect(await run(1000, [400, 600])).toEqual([1000]);
    expect(await run(0, [])).toEqual([0]);
  });

  it('grows with what comes, and is never more than twice that and a quarter of a MiB', async () => {
    const paid: number[] = [];
    const charge = new UploadCharge(200 * mebibyte, async (bytes) => void paid.push(bytes));
    await charge.begin();
    for (let came = 0; came < 100 * mebibyte; came += 64 * kibibyte) {
      expect(sum(paid)).toBeLessThanOrEqual(2 * came + 256 * kibibyte);
      await charge.came(64 * kibibyte);
      expect(sum(paid)).toBeGreaterThanOrEqual(came + 64 * kibibyte);
    }
    expect(paid.length).toBeLessThan(20);
  });

  it('of a whole file is its size exactly', async () => {
    const chunks = Array.from({ length: 641 }, (_, at) => (at < 640 ? 64 * kibibyte : 17));
    expect(sum(await run(40 * mebibyte + 17, chunks))).toBe(40 * mebibyte + 17);
  });

  it('stops the upload where there is no space left', async () => {
    const charge = new UploadCharge(mebibyte, async () => {
      throw new Error('no space');
    });
    await expect(charge.begin()).rejects.toThrow('no space');
  });
});
