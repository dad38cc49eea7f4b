/**
 * F1: encrypt and authenticate in memory on one core, from Node, by the native engine. The first peer is what `stream.pipe(cipher)` with a
 * running HMAC costs in Node, the second OpenSSL's bare AES-256-CBC without any MAC. The goals are for processors with AVX-512 and VAES;
 * the path without them is measured where the processor has it too.
 */
import { oneStream, opensslSpeed, opensslVersion, perCore, sealers, sealing, streamLabel } from '../sealing-load.mjs';

const unit = 'MB/cpu-s';
/** To one stream, and to openssl. */
const goals = {
  avx512: { '02': [4.5, 2.4], '01': [5.5, 2.0] },
  aesni: { '02': [2.4] },
};

async function prepare() {
  const { keysOf, native, facts, close } = await sealers();
  const openssl = await opensslVersion();
  const ratios = [];
  for (const path of Object.keys(goals)) {
    const engine = native(path);
    if (!engine) continue;
    for (const [suite, [toStream, toOpenssl]] of Object.entries(goals[path]).reverse()) {
      const seal = sealing(engine.pool, keysOf(suite));
      const stream = oneStream(suite, 'seal');
      const ours = { label: `sealing, suite ${suite}, path ${path}`, round: () => perCore(seal) };
      const peer = { label: streamLabel(suite, 'seal'), round: () => perCore(stream) };
      ratios.push({ name: `suite ${suite}, ${path}, to one stream`, unit, ours, peer, goal: { atLeast: toStream } });
      if (openssl === undefined || toOpenssl === undefined) continue;
      const bare = { label: `openssl speed -evp aes-256-cbc (${openssl})`, round: opensslSpeed };
      const name = `suite ${suite}, ${path}, with its MAC, to bare AES-256-CBC`;
      ratios.push({ name, unit, ours, peer: bare, goal: { atLeast: toOpenssl } });
    }
  }
  if (ratios.length > 0) return { facts: { ...facts, openssl: openssl ?? 'not found' }, ratios, close };
  await close();
  return { skipped: `no path of the native engine can be followed here (${facts.nativeModule}; ${facts.flags})` };
}

export default { id: 'F1', title: 'sealing in memory, native engine', prepare };
