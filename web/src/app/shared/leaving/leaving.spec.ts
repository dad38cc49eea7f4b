import { createEnvironmentInjector, EnvironmentInjector, Injector, runInInjectionContext } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Dialogs } from '../dialog/dialogs';
import { Leaving } from './leaving';

function open() {
  const asked: string[] = [];
  let answer: (sure: boolean) => void = () => {};
  const confirm = ({ text }: { text: string }) => {
    asked.push(text);
    return new Promise<boolean>((resolve) => (answer = resolve));
  };
  TestBed.configureTestingModule({ providers: [{ provide: Dialogs, useValue: { confirm } }] });
  const leaving = TestBed.inject(Leaving);
  const hold: Leaving['hold'] = (...what) =>
    runInInjectionContext(TestBed.inject(Injector), () => leaving.hold(...what));
  return { leaving, hold, asked, answer: (sure: boolean) => answer(sure) };
}

/** Whether the browser would ask. */
function closing(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
}

afterEach(() => TestBed.resetTestingModule());

describe('going away', () => {
  it('asks nothing where nothing is typed or runs', async () => {
    const { leaving, hold, asked } = open();
    hold('lost', () => null);
    expect(await leaving.ask(['lost', 'ends'])).toBe(true);
    expect([asked, closing()]).toEqual([[], false]);
  });

  it('by closing asks for everything, by a way in the app for what would be lost or end', async () => {
    const { leaving, hold, asked, answer } = open();
    hold('kept', () => 'a draft');
    expect(closing()).toBe(true);
    expect(await leaving.ask(['lost', 'ends'])).toBe(true);
    hold('ends', () => 'a share');
    hold('lost', () => 'an upload');
    const going = leaving.ask(['lost', 'ends']);
    answer(false);
    expect([await going, asked]).toEqual([false, ['a share, an upload']]);
    const onPurpose = leaving.ask(['lost']);
    answer(true);
    expect([await onPurpose, asked.at(-1)]).toEqual([true, 'an upload']);
  });

  it('tried twice asks once', async () => {
    const { leaving, hold, asked, answer } = open();
    hold('lost', () => 'an upload');
    const both = Promise.all([leaving.ask(['lost']), leaving.ask(['lost'])]);
    answer(true);
    expect([await both, asked]).toEqual([[true, true], ['an upload']]);
  });

  it('from what is no longer there asks nothing', async () => {
    const { leaving } = open();
    const page = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
    runInInjectionContext(page, () => leaving.hold('lost', () => 'an upload'));
    page.destroy();
    expect(await leaving.ask(['lost'])).toBe(true);
  });
});
