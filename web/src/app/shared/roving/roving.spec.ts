import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Roving } from './roving';

@Component({
  imports: [Roving],
  template: `
    <div cvRoving>
      <button>one</button>
      @if (more()) {
        <button>two</button>
      }
      <button>three</button>
    </div>
    <div role="tablist" cvRoving="press">
      @for (tab of ['a', 'b']; track tab) {
        <button role="tab" [attr.aria-selected]="open() === tab" (click)="open.set(tab)">{{ tab }}</button>
      }
    </div>
  `,
})
class Row {
  readonly more = signal(true);
  readonly open = signal('a');
}

async function shown() {
  const fixture = TestBed.createComponent(Row);
  const page = fixture.nativeElement as HTMLElement;
  document.body.append(page);
  await fixture.whenStable();
  const button = (text: string) => [...page.querySelectorAll('button')].find((one) => one.textContent === text);
  const press = async (key: string) => {
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await fixture.whenStable();
    return document.activeElement?.textContent;
  };
  const stops = () =>
    [...page.querySelectorAll('button')].filter((one) => one.tabIndex === 0).map((one) => one.textContent);
  return { fixture, row: fixture.componentInstance, button, press, stops };
}

describe('a row of buttons', () => {
  it('is one stop of the Tab key, and arrows, Home and End go along it', async () => {
    const { button, press, stops } = await shown();
    expect(stops()).toEqual(['one', 'a']);
    button('one')?.focus();
    expect(await press('ArrowRight')).toBe('two');
    expect(await press('End')).toBe('three');
    expect(await press('ArrowRight')).toBe('one');
    expect(await press('ArrowLeft')).toBe('three');
    expect(await press('Home')).toBe('one');
    expect(stops()).toEqual(['one', 'a']);
  });

  it('keeps a stop when the button that had it goes', async () => {
    const { fixture, row, button, stops } = await shown();
    button('two')?.focus();
    expect(stops()).toEqual(['two', 'a']);
    row.more.set(false);
    await fixture.whenStable();
    expect(stops()).toEqual(['one', 'a']);
  });

  it('chooses the tab that is reached', async () => {
    const { row, button, press, stops } = await shown();
    button('a')?.focus();
    expect(await press('ArrowRight')).toBe('b');
    expect(row.open()).toBe('b');
    expect(stops()).toEqual(['one', 'b']);
  });
});
