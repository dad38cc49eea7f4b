import { readFileSync } from 'node:fs';
import { errorReasons } from '@conclave/errors';
import { AuthMode, ErrorReason as WireReason } from './common.js';
import { accessOf, broadcasts, methodTable, services } from './index.js';

const processes = ['auth', 'rooms', 'files', 'gateway'];

describe('contracts', () => {
  it('know exactly the reasons that the domain knows', () => {
    const wire = Object.keys(WireReason).filter((name) => Number.isNaN(Number(name)) && name !== 'UNSPECIFIED');
    expect(wire.sort()).toEqual([...errorReasons].sort());
  });

  it('explain every reason in the manual', () => {
    const manual = readFileSync(new URL('../../../proto/README.md', import.meta.url), 'utf8');
    const explained = [...manual.matchAll(/^\| `([A-Z_]+)` +\| \d{3}/gm)].map(([, reason]) => reason);
    expect(explained.sort()).toEqual([...errorReasons].sort());
  });

  it('declare on every method who must stand behind it and who may call it', () => {
    const all = Object.values(services)
      .flat()
      .flatMap((service) => service.methods);
    expect(all.length).toBeGreaterThan(30);
    for (const method of all) {
      const { auth, callers } = accessOf(method);
      expect([method.name, auth]).not.toEqual([method.name, AuthMode.UNSPECIFIED]);
      expect(callers.length).toBeGreaterThan(0);
      for (const caller of callers) expect(processes).toContain(caller);
    }
  });

  it('give every method a subject of its own', () => {
    expect(new Set(methodTable.map((row) => row.subject)).size).toBe(methodTable.length);
  });

  it('put a room on the same shard everywhere', () => {
    expect(broadcasts.room('01923000-0000-7000-8000-000000000001')).toBe(
      broadcasts.room('01923000-0000-7000-8000-000000000001'),
    );
  });
});
