import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ChatComposer } from './chat-composer';
import { ChatStore } from './chat-store';
import { Typing } from './typing';
import { TypingLine } from './typing-line';

function line() {
  const typing = { names: signal<readonly string[]>([]), quiet: signal(false) };
  TestBed.configureTestingModule({ imports: [TypingLine], providers: [{ provide: Typing, useValue: typing }] });
  const fixture = TestBed.createComponent(TypingLine);
  const shown = (...names: string[]) => {
    typing.names.set(names);
    fixture.detectChanges();
    return (fixture.nativeElement as HTMLElement).textContent?.trim();
  };
  const live = () => (fixture.nativeElement as HTMLElement).querySelector('[role="status"]')?.getAttribute('aria-live');
  return { shown, typing, fixture, live };
}

describe('the line of who is typing', () => {
  it.each([
    [[], ''],
    [['Anna'], '\u2068Anna\u2069 is typing…'],
    [['Anna', 'Bo'], '\u2068Anna\u2069 and \u2068Bo\u2069 are typing…'],
    [['Anna', 'Bo', 'Cem'], 'Several people are typing…'],
  ])('says for %j: %s', (names, words) => expect(line().shown(...names)).toBe(words));

  it('is there before anybody types, and is read out unless it was a moment ago', () => {
    const { shown, typing, fixture, live } = line();
    shown();
    expect(live()).toBe('polite');
    typing.quiet.set(true);
    fixture.detectChanges();
    expect(live()).toBe('off');
  });
});

describe('the line to say something', () => {
  it('tells that one is typing, that one has thought better of it, and that it is sent', async () => {
    const said: string[] = [];
    const typing = { typed: () => void said.push('typed'), stopped: () => void said.push('stopped') };
    const chat = { draft: signal({ text: '' }), send: async (text: string) => void said.push(`sent ${text}`) };
    TestBed.configureTestingModule({
      imports: [ChatComposer],
      providers: [
        { provide: Typing, useValue: typing },
        { provide: ChatStore, useValue: chat },
      ],
    });
    const fixture = TestBed.createComponent(ChatComposer);
    fixture.detectChanges();
    const field = (fixture.nativeElement as HTMLElement).querySelector('textarea') as HTMLTextAreaElement;
    const write = async (text: string) => {
      field.value = text;
      field.dispatchEvent(new Event('input'));
      await fixture.whenStable();
    };
    await write('He');
    await write(' ');
    await write('Hello');
    // An input method chooses a word; Safari says so only by the number.
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true }));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229 }));
    await fixture.whenStable();
    expect(said.at(-1)).toBe('typed');
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await fixture.whenStable();
    expect(said).toEqual(['typed', 'stopped', 'typed', 'stopped', 'sent Hello']);
  });
});
