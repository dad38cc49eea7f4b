/** F9: sealing and opening in real Chromium: two workers to one and to the page's own thread, and one worker to bare calls of WebCrypto. */
import { modulePage } from '@conclave/testing';

/** A multiple of a batch. */
const BYTES = 128 * 1_048_576;
const unit = 'MB/s';

async function prepare() {
  const root = new URL('../../', import.meta.url);
  const page = await modulePage({
    folders: {
      '/sealing/': new URL('libs/sealing/dist/', root),
      '/errors/': new URL('libs/errors/dist/', root),
      '/bench/': new URL('bench/browser/', root),
    },
    imports: { '@conclave/errors': '/errors/index.js' },
    entry: '/bench/in-page.mjs',
  });
  const ratios = [];
  for (const suite of ['02', '01']) {
    await page.call('prepare', suite);
    const side = (operation, where, label) => ({
      label: `${operation === 'seal' ? 'sealing' : 'opening'}, suite ${suite}, ${label}`,
      round: () => page.call(operation, where, suite, BYTES),
    });
    for (const operation of ['seal', 'open']) {
      const name = `${operation === 'seal' ? 'sealing' : 'opening'}, suite ${suite}`;
      const [two, one] = [side(operation, 'two', 'two workers'), side(operation, 'one', 'one worker')];
      ratios.push({ name: `${name}, two workers to one`, unit, ours: two, peer: one, goal: { atLeast: 1.7 } });
      const onPage = side(operation, 'page', 'on the page’s own thread');
      ratios.push({ name: `${name}, two workers to none`, unit, ours: two, peer: onPage, goal: { atLeast: 1.7 } });
    }
    const label = `bare encrypt and sign of 64 KiB, suite ${suite}, in one worker`;
    ratios.push({
      name: `sealing, suite ${suite}, one worker to bare calls`,
      unit,
      ours: side('seal', 'one', 'one worker'),
      peer: { label, round: () => page.call('raw', suite, BYTES) },
      goal: { atLeast: 0.9 },
    });
  }
  return { facts: { chromium: page.version, bytesPerRound: BYTES }, ratios, close: () => page.close() };
}

export default { id: 'F9', title: 'sealing in a browser', prepare };
