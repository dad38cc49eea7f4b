import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestBed } from '@angular/core/testing';
import { COVERS, SidePanel } from './side-panel';

function open(small: boolean): SidePanel {
  globalThis.matchMedia = (() => ({ matches: small })) as unknown as typeof matchMedia;
  TestBed.configureTestingModule({ providers: [SidePanel] });
  return TestBed.inject(SidePanel);
}

/** What changed has been acted on, and history has moved. */
const settled = async () => {
  TestBed.tick();
  await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('a panel', () => {
  it('that covers the stage is closed by Back, which stays on the page', async () => {
    const panel = open(true);
    const before = [history.length, location.href];
    panel.toggle('chat');
    await settled();
    panel.open.set('files');
    await settled();
    expect(history.length).toBe(Number(before[0]) + 1);
    history.back();
    await settled();
    expect([panel.open(), location.href]).toEqual([null, before[1]]);
  });

  it('that is closed by its button leaves no step behind', async () => {
    const panel = open(true);
    panel.toggle('chat');
    await settled();
    panel.toggle('chat');
    await settled();
    expect(history.state?.cvPanel).toBeUndefined();
  });

  it('beside the stage is no step of its own', async () => {
    const panel = open(false);
    const before = history.length;
    panel.toggle('chat');
    await settled();
    expect(history.length).toBe(before);
  });

  it('covers the stage exactly where its styles let it', () => {
    const styles = readFileSync(join(import.meta.dirname, 'side-panel-frame.css'), 'utf8');
    expect(styles).toContain(`@media ${COVERS} {\n  aside {\n    position: absolute;`);
  });
});
