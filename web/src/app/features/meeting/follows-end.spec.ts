import { Component, viewChild } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FollowsEnd } from './follows-end';

@Component({ imports: [FollowsEnd], template: '<div cvFollowsEnd #log="cvFollowsEnd"></div>' })
class Log {
  readonly follows = viewChild.required<FollowsEnd>('log');
}

/** A log of 1000 px in a window of `height`, which starts at its end. */
async function log(height: number) {
  let resized = (): void => undefined;
  Object.assign(globalThis, {
    ResizeObserver: class {
      constructor(changed: () => void) {
        resized = changed;
      }
      observe = () => undefined;
      disconnect = () => undefined;
    },
  });
  const fixture = TestBed.createComponent(Log);
  await fixture.whenStable();
  const element = (fixture.nativeElement as HTMLElement).firstElementChild as HTMLElement;
  const size = { scrollHeight: 1000, clientHeight: height };
  for (const name of ['scrollHeight', 'clientHeight'] as const)
    Object.defineProperty(element, name, { get: () => size[name] });
  return {
    element,
    scroll: (to: number) => {
      element.scrollTop = to;
      element.dispatchEvent(new Event('scroll'));
    },
    resize: (to: number) => {
      size.clientHeight = to;
      resized();
    },
    grow: async () => {
      size.scrollHeight += 100;
      fixture.componentInstance.follows().follow();
      await new Promise((resolve) => requestAnimationFrame(resolve));
    },
  };
}

describe('a log that follows its end', () => {
  it('shows what is new, and stays at the end when its window gets smaller', async () => {
    const { element, scroll, resize, grow } = await log(400);
    scroll(600);
    resize(200);
    expect(element.scrollTop).toBe(1000);
    await grow();
    expect(element.scrollTop).toBe(1100);
  });

  it('leaves whoever has scrolled up where they read', async () => {
    const { element, scroll, resize, grow } = await log(400);
    scroll(100);
    resize(200);
    await grow();
    expect(element.scrollTop).toBe(100);
  });
});
