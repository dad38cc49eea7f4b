import { expect, type Locator, type Page } from '@playwright/test';

/** Drops files and folders of this machine there, as a hand would: the browser reads them from the disk itself. */
export async function dropOn(page: Page, place: Locator, files: readonly string[]): Promise<void> {
  const box = await place.boundingBox();
  expect(box).not.toBeNull();
  const at = { x: (box?.x ?? 0) + (box?.width ?? 0) / 2, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { type, ...at, data });
  await browser.detach();
}

/** What the line of this page can do. Of the page alone: whoever else is there has another one. */
export async function lineOf(
  page: Page,
): Promise<{ slow(bytesPerSecond: number): Promise<void>; cut(): Promise<void> }> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Network.enable');
  const set = (offline: boolean, bytesPerSecond: number) =>
    browser
      .send('Network.emulateNetworkConditions', {
        offline,
        latency: 0,
        uploadThroughput: bytesPerSecond,
        downloadThroughput: bytesPerSecond,
      })
      .then(() => undefined);
  return { slow: (bytesPerSecond) => set(false, bytesPerSecond), cut: () => set(true, 0) };
}
