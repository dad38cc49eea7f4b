import { exitCodes, Failure } from './failure.ts';
import { putAll } from './put-all.ts';

describe('sharing several files', () => {
  const run = async (ends: Record<string, Failure | undefined>) => {
    const shared: string[] = [];
    const put = async (path: string) => {
      const failure = ends[path];
      if (failure) throw failure;
      return path;
    };
    const code = await putAll(Object.keys(ends), put, (id) => shared.push(id));
    return [code, shared.join('')];
  };
  const failed = (code: (typeof exitCodes)[keyof typeof exitCodes]) => new Failure(code, 'no');

  it('shares the others where one is refused, and ends with what was wrong', async () => {
    expect(await run({ a: undefined, b: failed(exitCodes.localFile), c: undefined })).toEqual([6, 'ac']);
    expect(await run({ a: failed(exitCodes.failed), b: failed(exitCodes.localFile), c: undefined })).toEqual([1, 'c']);
  });

  it('stops where nothing more can go well', async () => {
    expect(await run({ a: undefined, b: failed(exitCodes.notPresent), c: undefined })).toEqual([4, 'a']);
  });
});
