import { TestBed } from '@angular/core/testing';
import { PersonName } from './person-name';

async function shown(inputs: Record<string, unknown>) {
  const fixture = TestBed.createComponent(PersonName);
  for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement;
  return {
    name: page.querySelector('bdi.name')?.textContent,
    text: [...page.querySelectorAll('bdi, .you, .role')].map(({ textContent }) => textContent?.trim()),
    mark: page.querySelector('[role=img]')?.getAttribute('aria-label') ?? null,
    proven: page.querySelector('.proven') !== null,
  };
}

describe('a person’s name', () => {
  it('stands alone where nothing more is known', async () => {
    expect(await shown({ name: 'Anna' })).toEqual({ name: 'Anna', text: ['Anna'], mark: null, proven: false });
  });

  it('keeps its own direction, whatever it is made of', async () => {
    const name = '\u202eannA \u0645\u0631\u064a\u0645';
    expect((await shown({ name })).name).toBe(name);
  });

  it('says who is oneself, who is a host, and which of two', async () => {
    const { text } = await shown({ name: 'Anna', you: true, role: 'owner', twin: '2' });
    expect(text).toEqual(['Anna', '2', '(you)', 'Host']);
    expect((await shown({ name: 'Anna', role: 'moderator' })).text).toEqual(['Anna', 'Co-host']);
    expect((await shown({ name: 'Anna', role: 'participant' })).text).toEqual(['Anna']);
  });

  it('is green only where the address is proven, and says in words what the mark means', async () => {
    expect(await shown({ name: 'Anna', verified: true })).toMatchObject({ mark: 'Verified', proven: true });
    expect(await shown({ name: 'Anna', verified: false })).toMatchObject({ mark: 'Not verified', proven: false });
  });
});
