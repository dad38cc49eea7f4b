import { readEngine } from '../src/sealing-engine.js';

describe('what seals', () => {
  it('is read from the metrics of files', () => {
    const line = 'files_sealing_engine_info{engine="native",path="avx512",reason="fastest"} 1';
    expect(readEngine(`# HELP x\nup 1\n${line}\nother 2\n`)).toBe(
      'native, avx512: the fastest that this processor can follow',
    );
    expect(readEngine(line.replace('fastest', 'no-module'))).toContain('the native engine was not built');
  });

  it('is not told where nothing is said', () => {
    expect(readEngine('up 1\n')).toBeNull();
  });
});
