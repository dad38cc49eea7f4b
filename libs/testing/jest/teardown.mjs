// Ends what jest-setup.mjs opened: every server that was started, by its id, and every folder.
export default async function teardown() {
  await globalThis.__conclaveHarness?.close();
}
