import { TestBed } from '@angular/core/testing';
import { Api } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Toasts } from '../../shared/toast/toasts';
import { AccessCodeSection } from './access-code-section';

/** A room's code on the server, and a person who says yes or no. */
class World {
  code: string | null = 'k7fm-2p9x';
  fails: ApiProblem | null = null;
  says = true;
  readonly asked: string[] = [];

  private async answer<T>(what: string, value: T): Promise<T> {
    this.asked.push(what);
    if (this.fails) throw this.fails;
    return value;
  }
  readonly api = {
    accessCode: (slug: string) => this.answer(`read ${slug}`, { accessCode: this.code }),
    rotateAccessCode: (slug: string) => this.answer(`renew ${slug}`, { accessCode: 'new1-new2' }),
    removeAccessCode: (slug: string) => this.answer(`remove ${slug}`, undefined),
  };

  async open() {
    TestBed.configureTestingModule({
      providers: [
        { provide: Api, useValue: this.api },
        {
          provide: Dialogs,
          useValue: {
            confirm: async ({ title }: { title: string }) => {
              this.asked.push(title);
              return this.says;
            },
          },
        },
      ],
    });
    const fixture = TestBed.createComponent(AccessCodeSection);
    fixture.componentRef.setInput('slug', 'board-room');
    const settle = async (): Promise<void> => {
      await fixture.whenStable();
      await new Promise((resolve) => setTimeout(resolve));
      await fixture.whenStable();
    };
    await settle();
    const page = fixture.nativeElement as HTMLElement;
    const button = (words: string) =>
      [...page.querySelectorAll('button')].find(
        (one) => one.textContent?.trim() === words || one.getAttribute('aria-label') === words,
      ) as HTMLButtonElement;
    return {
      settle,
      button,
      text: () => page.textContent ?? '',
      code: () => page.querySelector('code')?.textContent?.trim(),
      show: async (slug: string) => {
        fixture.componentRef.setInput('slug', slug);
        await settle();
      },
      async click(words: string) {
        button(words).click();
        await settle();
      },
      toasts: () =>
        TestBed.inject(Toasts)
          .list()
          .map(({ text }) => text),
    };
  }
}

describe('the access code of a room', () => {
  it('is hidden until it is asked for, with its shape', async () => {
    const section = await new World().open();
    expect(section.code()).toBe('••••-••••');
    await section.click('Show access code');
    expect(section.code()).toBe('k7fm-2p9x');
    await section.click('Hide access code');
    expect(section.code()).toBe('••••-••••');
  });

  it('is read again for another room', async () => {
    const world = new World();
    const section = await world.open();
    world.code = null;
    await section.show('supplier-talks');
    expect(world.asked).toEqual(['read board-room', 'read supplier-talks']);
    expect(section.text()).toContain('There is no access code.');
  });

  it('is renewed after a question, and the new one is shown', async () => {
    const world = new World();
    const section = await world.open();
    await section.click('New code');
    expect(world.asked.slice(1)).toEqual(['Make a new access code?', 'renew board-room']);
    expect(section.code()).toBe('new1-new2');
    expect(section.toasts()).toEqual(['The new access code holds from now on.']);
  });

  it('is made without a question where there is none', async () => {
    const world = new World();
    world.code = null;
    const section = await world.open();
    await section.click('Make a code');
    expect(world.asked.slice(1)).toEqual(['renew board-room']);
    expect(section.code()).toBe('new1-new2');
  });

  it('is removed after a question', async () => {
    const world = new World();
    const section = await world.open();
    await section.click('Remove code');
    expect(world.asked.slice(1)).toEqual(['Remove the access code?', 'remove board-room']);
    expect(section.text()).toContain('There is no access code.');
  });

  it('stays as it is for who thinks better of it', async () => {
    const world = new World();
    world.says = false;
    const section = await world.open();
    await section.click('New code');
    await section.click('Remove code');
    expect(world.asked.slice(1)).toEqual(['Make a new access code?', 'Remove the access code?']);
    expect(section.code()).toBe('••••-••••');
  });

  it('stays as it is when the server refuses, which is said, and can be tried again', async () => {
    const world = new World();
    const section = await world.open();
    world.fails = new ApiProblem('UNAVAILABLE');
    await section.click('New code');
    expect(section.code()).toBe('••••-••••');
    expect(section.toasts()).toEqual([expect.stringMatching(/^A part of Conclave does not answer/)]);
    expect(section.button('New code').disabled).toBe(false);
  });

  it('that cannot be read says so and is read again', async () => {
    const world = new World();
    world.fails = new ApiProblem('UNAVAILABLE', { offline: true });
    const section = await world.open();
    expect(section.text()).toContain('No connection');
    world.fails = null;
    await section.click('Try again');
    expect(section.code()).toBe('••••-••••');
  });
});
