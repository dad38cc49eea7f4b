/** F7: verify and decrypt in memory on one core: the native engine to the portable one, and to one stream of Node. */
import { oneStream, opening, perCore, sealers, streamLabel } from '../sealing-load.mjs';

const unit = 'MB/cpu-s';

async function prepare() {
  const { keysOf, native, portable, facts, close } = await sealers();
  const engine = native();
  if (!engine) {
    await close();
    return { skipped: `no path of the native engine can be followed here (${facts.nativeModule}; ${facts.flags})` };
  }
  const plain = portable(1);
  const ratios = [];
  for (const suite of ['02', '01']) {
    const keys = keysOf(suite);
    const [open, openPortably, stream] = [
      await opening(engine.pool, keys),
      await opening(plain, keys),
      oneStream(suite, 'open'),
    ];
    const ours = { label: `opening, suite ${suite}, path ${engine.path}`, round: () => perCore(open) };
    const peer = { label: `opening, suite ${suite}, portable`, round: () => perCore(openPortably) };
    const bare = { label: streamLabel(suite, 'open'), round: () => perCore(stream) };
    ratios.push({ name: `suite ${suite}, to the portable engine`, unit, ours, peer, goal: { atLeast: 2.9 } });
    ratios.push({ name: `suite ${suite}, to one stream`, unit, ours, peer: bare, goal: { atLeast: 2.0 } });
  }
  return { facts, ratios, close };
}

export default { id: 'F7', title: 'opening in memory', prepare };
