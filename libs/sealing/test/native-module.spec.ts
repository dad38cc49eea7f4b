import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onFileEnd, sealingModule } from '@conclave/testing';
import { chooseEngine, type EngineChoice } from '../src/node/choose-engine.js';
import { NATIVE_VERSION, loadModule } from '../src/node/native-module.js';

const file = (await sealingModule()) ?? '';
const paths = file ? loadModule(file).paths.split(',').filter(Boolean) : [];
const scratch = mkdtempSync(join(tmpdir(), 'conclave-native-'));
onFileEnd(() => rmSync(scratch, { recursive: true, force: true }));
const withModule = file ? describe : describe.skip;

function objdump(): string | undefined {
  try {
    return execFileSync('objdump', ['-d', '--no-show-raw-insn', file], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 ** 2,
    });
  } catch {
    return undefined; // no binutils here
  }
}

/** Instructions by function. */
function functionsOf(disassembly: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let own: string[] = [];
  for (const line of disassembly.split('\n')) {
    const name = /^[0-9a-f]+ <(.+)>:$/.exec(line)?.[1];
    if (name) found.set(name, (own = []));
    else if (line.includes('\t')) own.push(line.slice(line.indexOf('\t') + 1).trim());
  }
  return found;
}

withModule('the machine code of the native module', () => {
  const wide = /%[yz]mm\d/;
  const disassembly = process.arch === 'x64' ? objdump() : undefined;
  const onCode = disassembly === undefined ? it.skip : it;

  onCode(
    'clears the upper halves of vectors before it leaves a function that used them, so that SHA-NI stays fast',
    () => {
      const users = [...functionsOf(disassembly ?? '')].filter(([, code]) => code.some((line) => wide.test(line)));
      expect(users.length).toBeGreaterThanOrEqual(7);
      for (const [name, code] of users) {
        const leaves = code.flatMap((line, at) => (/^(ret|jmp +[0-9a-f]+ <(?!.*\+0x))/.test(line) ? [at] : []));
        expect([name, leaves.length > 0]).toEqual([name, true]);
        for (const at of leaves) {
          const before = code.slice(0, at).reverse();
          const cleared = before.findIndex((line) => line.startsWith('vzeroupper'));
          const dirty = before.findIndex((line) => wide.test(line));
          expect([name, cleared >= 0 && cleared < dirty]).toEqual([name, true]);
        }
      }
    },
  );

  onCode('has SHA-NI in no function that has vectors of 256 or 512 bits', () => {
    for (const [name, code] of functionsOf(disassembly ?? '')) {
      const both = code.some((line) => line.startsWith('sha256')) && code.some((line) => wide.test(line));
      expect([name, both]).toEqual([name, false]);
    }
  });
});

describe('the choice of the engine', () => {
  const auto = (module?: string, path?: string): EngineChoice => chooseEngine({ wish: 'auto', module, path });
  const fault = (choice: EngineChoice) => [choice.engine, choice.reason];

  it('is the portable one when it is asked for, whatever is there', () => {
    expect(fault(chooseEngine({ wish: 'portable', module: file }))).toEqual(['portable', 'asked-for']);
  });

  it('is the portable one, with the reason, where there is no module or one that is none', () => {
    const text = join(scratch, 'text.node');
    writeFileSync(text, 'not a module');
    expect(fault(auto())).toEqual(['portable', 'no-module']);
    expect(fault(auto(''))).toEqual(['portable', 'no-module']);
    expect(fault(auto(join(scratch, 'absent.node')))).toEqual(['portable', 'not-loadable']);
    expect(fault(auto(text))).toEqual(['portable', 'not-loadable']);
  });

  it('fails in one sentence when only the native one will do and there is none', () => {
    expect(() => chooseEngine({ wish: 'native' })).toThrow(
      'the native sealing engine is asked for (SEALING_ENGINE), but there is no native module',
    );
    expect(() => chooseEngine({ wish: 'native', module: '/nowhere/sealing.node' })).toThrow(
      /but .* cannot be loaded: /,
    );
  });
});

withModule('the choice where a module is there', () => {
  const native = paths.length > 0;

  it('is its fastest path, or the one that is asked for', () => {
    const choice = chooseEngine({ wish: 'auto', module: file });
    expect([choice.engine, choice.path]).toEqual(native ? ['native', paths[0]] : ['portable', 'openssl']);
    const last = paths.at(-1);
    if (last) expect(chooseEngine({ wish: 'native', module: file, path: last })).toMatchObject({ path: last });
  });

  it('refuses a module of another version, and says which', () => {
    const bytes = readFileSync(file);
    const other = join(scratch, 'other.node');
    for (let at = bytes.indexOf(NATIVE_VERSION); at >= 0; at = bytes.indexOf(NATIVE_VERSION, at))
      bytes.write('0.9.9', at);
    writeFileSync(other, bytes);
    const choice = chooseEngine({ wish: 'auto', module: other });
    expect([choice.engine, choice.reason]).toEqual(['portable', 'other-version']);
    expect(choice.why).toBe(`the native module is version 0.9.9, wanted is ${NATIVE_VERSION}`);
    expect(() => chooseEngine({ wish: 'native', module: other })).toThrow('is version 0.9.9');
  });

  it('is the portable one on a processor without the instructions', () => {
    const choice = chooseEngine({ wish: 'auto', module: file, path: process.arch === 'arm64' ? 'avx512' : 'armv8' });
    expect([choice.engine, choice.reason]).toEqual(['portable', 'no-instructions']);
    expect(() => chooseEngine({ wish: 'native', module: file, path: 'none' })).toThrow('cannot follow the path none');
  });
});
