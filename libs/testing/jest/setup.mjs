// Opens the harness for one Jest run. Servers start when the first spec asks for them, once per run, as children of
// the main Jest process.
import '../run-sources.mjs';

export default async function setup() {
  const { openHarness } = await import('../src/harness/serve.ts');
  globalThis.__conclaveHarness = await openHarness();
}
