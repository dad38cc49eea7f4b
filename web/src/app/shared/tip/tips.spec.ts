import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { Tips } from './tips';

async function shown() {
  const fixture = TestBed.createComponent(Tips);
  const page = fixture.nativeElement as HTMLElement;
  const row = document.createElement('div');
  const button = (id: string, label: string, text: string, keys = '') => {
    const made = Object.assign(document.createElement('button'), { id, textContent: text });
    made.setAttribute('aria-label', label);
    made.dataset['keys'] = keys;
    return made;
  };
  row.append(button('icon', 'Turn microphone off', '', 'Ctrl D'), button('worded', 'Leave', 'Leave'));
  document.body.append(row, page);
  await fixture.whenStable();
  const tip = async () => {
    await fixture.whenStable();
    return [...page.querySelectorAll('bdi')].map(({ textContent }) => textContent).join(' ');
  };
  const point = (id: string) =>
    document.getElementById(id)?.dispatchEvent(new MouseEvent('pointerover', { bubbles: true }));
  return { tip, point };
}

describe('the name of a button that shows an icon', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'setImmediate', 'requestAnimationFrame'] }));
  afterEach(() => {
    jest.useRealTimers();
    document.body.replaceChildren();
  });

  it('comes with its shortcut after a moment, and goes with Escape', async () => {
    const { tip, point } = await shown();
    point('icon');
    expect(await tip()).toBe('');
    jest.advanceTimersByTime(500);
    expect(await tip()).toBe('Turn microphone off Ctrl D');
    document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    expect(await tip()).toBe('');
  });

  it('does not repeat the words of a button that has some', async () => {
    const { tip, point } = await shown();
    point('worded');
    jest.advanceTimersByTime(500);
    expect(await tip()).toBe('');
  });
});
