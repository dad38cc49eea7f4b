import { keep, kept, keptFacts } from './kept';

describe('what is kept on a device', () => {
  afterEach(() => localStorage.clear());

  it('is read as it was written, and as nothing where it is something else', () => {
    expect([keep('a', '{"on":false}'), kept('a'), keptFacts('a')]).toEqual([true, '{"on":false}', { on: false }]);
    for (const odd of ['null', '7', '[', '"on"']) {
      keep('a', odd);
      expect(keptFacts('a')).toEqual({});
    }
  });

  it('is nothing where the browser forbids storage', () => {
    const forbids = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const { getItem, setItem } = Storage.prototype;
    Object.assign(Storage.prototype, { getItem: forbids, setItem: forbids });
    try {
      expect([keep('a', 'b'), kept('a'), keptFacts('a')]).toEqual([false, null, {}]);
    } finally {
      Object.assign(Storage.prototype, { getItem, setItem });
    }
  });
});
