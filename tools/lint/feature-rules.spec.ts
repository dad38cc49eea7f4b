import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { keptBack, providersIn } from './feature-exports.mjs';
import { cyclesOf, edgesOf } from './folder-graph.mjs';
import { circle } from './import-rules.mjs';

describe('features of a service', () => {
  let root = '';
  const at = (path: string): string => join(root, 'services/rooms/src', path);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'conclave-features-'));
    write('main.ts', "import { Gate } from './door/gate.js';\nimport './config.js';");
    write('config.ts', 'export const config = 1;');
    write(
      'door/gate.ts',
      "import { config } from '../config.js';\nimport { Lock } from '../lock/lock.js';\n@Injectable()\nexport class Gate {}",
    );
    write('door/door.module.ts', '@Module({ providers: [Gate, Bell], exports: [Gate] })\nexport class DoorModule {}');
    write('door/bell.ts', '@Injectable()\nexport class Bell {}\nexport const tone = 440;');
    write('lock/lock.ts', "import { tone } from '../door/bell.js';\nexport class Lock {}");
    write('wall/wall.ts', "import { Lock } from '../lock/lock.js';");
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('are in a circle where folders take from each other, however long the way', () => {
    const cycles = cyclesOf(edgesOf(at('.')));
    expect(cycles.map(({ folders }) => folders)).toEqual([['door', 'lock']]);
    expect(circle(at('lock/lock.ts'), at('door/bell.ts'))).toContain('door, lock take from each other in a circle');
  });

  it('are in no circle by what lies at the root, nor by taking from one that is', () => {
    expect(circle(at('door/gate.ts'), at('config.ts'))).toBeUndefined();
    expect(circle(at('wall/wall.ts'), at('lock/lock.ts'))).toBeUndefined();
  });

  it('keep to themselves what their module does not export', () => {
    expect(keptBack(at('wall/wall.ts'), at('door/bell.ts'), ['Bell', 'tone'])).toEqual(['Bell']);
    expect(keptBack(at('wall/wall.ts'), at('door/gate.ts'), ['Gate'])).toEqual([]);
  });

  it('know their own, and are known by the root that wires them', () => {
    expect(keptBack(at('door/gate.ts'), at('door/bell.ts'), ['Bell'])).toEqual([]);
    expect(keptBack(at('main.ts'), at('door/bell.ts'), ['Bell'])).toEqual([]);
  });

  it('have providers behind a comment too', () => {
    expect(providersIn('@Injectable()\n// why\nexport class A {}\nclass B {}')).toEqual(['A']);
  });
});
