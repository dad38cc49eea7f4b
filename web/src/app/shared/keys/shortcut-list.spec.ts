import { TestBed } from '@angular/core/testing';
import { ShortcutList } from './shortcut-list';

async function list() {
  localStorage.clear();
  const fixture = TestBed.createComponent(ShortcutList);
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement;
  const row = () => page.querySelector('li') as HTMLElement;
  const settled = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    await fixture.whenStable();
  };
  return {
    row: () => row().textContent?.replace(/\s+/g, ' '),
    line: () => page.querySelector('[role=status]')?.textContent?.trim(),
    change: async () => {
      row().querySelector('button')?.click();
      await fixture.whenStable();
      await settled();
    },
    press: async (init: KeyboardEventInit) => {
      row()
        .querySelector('.asked')
        ?.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init }));
      await settled();
    },
  };
}

describe('the list of shortcuts', () => {
  it('takes the keys that are pressed, and says what they are', async () => {
    const page = await list();
    await page.change();
    await page.press({ code: 'AltLeft', altKey: true });
    await page.press({ code: 'KeyM', altKey: true });
    expect(page.row()).toContain('Alt M');
    expect(page.line()).toBe('Saved on this device.');
  });

  it('says whose keys they are already, and waits for others', async () => {
    const page = await list();
    await page.change();
    await page.press({ code: 'KeyE', ctrlKey: true });
    expect(page.line()).toContain('Camera on or off');
    await page.press({ code: 'Escape' });
    expect(page.row()).toContain('Ctrl D');
  });

  it('leaves an action without keys', async () => {
    const page = await list();
    await page.change();
    await page.press({ code: 'Delete' });
    expect(page.row()).toContain('None');
  });
});
