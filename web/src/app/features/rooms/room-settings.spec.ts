import { Component, input } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { Api, type ChangeRoomBody, type Room } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { Session } from '../../core/session/session';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Toasts } from '../../shared/toast/toasts';
import { AccessCodeSection } from './access-code-section';
import { Invitations } from './invitations';
import { RoomSettings } from './room-settings';

const room: Room = {
  id: 'r',
  slug: 'board-room',
  name: 'Board review',
  accessLevel: 'invited',
  settings: { askPersonalToken: false },
  role: 'owner',
  owner: { id: 'u-aylin', displayName: 'Aylin Kaya' },
  createdAt: '2026-11-01T10:00:00Z',
  lastUsedAt: null,
  meeting: null,
  memberCount: 1,
  can: ['room.view', 'room.update', 'room.delete', 'room.access-code', 'room.invite'],
};

/** The parts of the page that have specs of their own. */
@Component({ selector: 'cv-access-code-section', template: 'the code of {{ slug() }}' })
class CodeFake {
  readonly slug = input.required<string>();
}
@Component({ selector: 'cv-invitations', template: 'the invitations of {{ slug() }}' })
class InvitationsFake {
  readonly slug = input.required<string>();
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A room on the server: a change that it takes is answered with the whole, as the real one does. */
class World {
  stored: Room = room;
  fails: ApiProblem | null = null;
  readonly asked: unknown[] = [];

  readonly api = {
    room: async () => {
      this.asked.push('read');
      if (this.fails) throw this.fails;
      return this.stored;
    },
    changeRoom: async (_slug: string, change: ChangeRoomBody): Promise<Room> => {
      this.asked.push(change);
      // No network answers before the page has shown the click.
      await turn();
      if (this.fails) throw this.fails;
      return (this.stored = { ...this.stored, ...change } as Room);
    },
    deleteRoom: async (slug: string) => {
      this.asked.push(`delete ${slug}`);
      if (this.fails) throw this.fails;
    },
  };

  async open() {
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: Api, useValue: this.api },
        { provide: Session, useValue: { me: () => null, state: () => 'signed-in' } },
        {
          provide: Dialogs,
          useValue: { confirm: async (question: { typeToConfirm: string }) => question.typeToConfirm !== '' },
        },
      ],
    }).overrideComponent(RoomSettings, {
      remove: { imports: [AccessCodeSection, Invitations] },
      add: { imports: [CodeFake, InvitationsFake] },
    });
    const fixture = TestBed.createComponent(RoomSettings);
    fixture.componentRef.setInput('slug', 'board-room');
    const settle = async (): Promise<void> => {
      await fixture.whenStable();
      // A change takes a turn, and the page shows it in the next.
      await turn();
      await turn();
      await fixture.whenStable();
    };
    await settle();
    this.asked.length = 0;
    const page = fixture.nativeElement as HTMLElement;
    const name = () => page.querySelector('input[cvInput]') as HTMLInputElement;
    const level = (value: string) => page.querySelector(`input[type=radio][value=${value}]`) as HTMLInputElement;
    const token = () => page.querySelector('input[type=checkbox]') as HTMLInputElement;
    const button = (words: string) =>
      [...page.querySelectorAll('button')].find((one) => one.textContent?.trim() === words) as HTMLButtonElement;
    return {
      name,
      level,
      token,
      button,
      settle,
      text: () => page.textContent ?? '',
      async type(text: string) {
        name().value = text;
        name().dispatchEvent(new Event('input', { bubbles: true }));
        await settle();
      },
      async click(element: HTMLElement) {
        element.click();
        await settle();
      },
      toasts: () =>
        TestBed.inject(Toasts)
          .list()
          .map(({ text }) => text),
    };
  }
}

describe('the settings of a room', () => {
  it('show whoever may not change it everything, and let them change nothing but invitations', async () => {
    const world = new World();
    world.stored = { ...room, role: 'moderator', can: ['room.view', 'room.invite'] };
    const page = await world.open();
    expect([page.name().disabled, page.level('code').closest('fieldset')?.disabled, page.token().disabled]).toEqual([
      true,
      true,
      true,
    ]);
    expect([page.button('Save name'), page.button('Delete room')]).toEqual([undefined, undefined]);
    expect(page.text()).not.toContain('the code of board-room');
    expect(page.text()).toContain('the invitations of board-room');
  });

  it('that cannot be read say why and are read again', async () => {
    const world = new World();
    world.fails = new ApiProblem('UNAVAILABLE', { offline: true });
    const page = await world.open();
    expect(page.text()).toContain('No connection');
    world.fails = null;
    await page.click(page.button('Try again'));
    expect(page.name().value).toBe('Board review');
  });

  describe('the name', () => {
    it('is saved by its button, which waits for a change', async () => {
      const world = new World();
      const page = await world.open();
      expect(page.button('Save name').disabled).toBe(true);
      await page.type(' Board review ');
      expect(page.button('Save name').disabled).toBe(true);
      await page.type('Supervisory board ');
      await page.click(page.button('Save name'));
      expect(world.asked).toEqual([{ name: 'Supervisory board' }]);
      expect(page.toasts()).toEqual(['The name is saved.']);
      expect(page.button('Save name').disabled).toBe(true);
    });

    it('is never nothing', async () => {
      const world = new World();
      const page = await world.open();
      await page.type('  ');
      await page.click(page.button('Save name'));
      expect(page.text()).toContain('Give the room a name.');
      expect(world.asked).toEqual([]);
    });

    it('that the server refuses stays in the field, with the reason, and can be tried again', async () => {
      const world = new World();
      const page = await world.open();
      world.fails = new ApiProblem('UNAVAILABLE', { offline: true });
      await page.type('Supervisory board');
      await page.click(page.button('Save name'));
      expect(page.name().value).toBe('Supervisory board');
      expect(page.text()).toContain('No connection.');
      world.fails = null;
      await page.click(page.button('Save name'));
      expect(world.stored.name).toBe('Supervisory board');
      expect(page.text()).not.toContain('No connection.');
    });

    it('that is being typed stays while the door is changed', async () => {
      const world = new World();
      const page = await world.open();
      await page.type('Supervisory b');
      await page.click(page.level('code'));
      expect(world.asked).toEqual([{ accessLevel: 'code' }]);
      expect(page.name().value).toBe('Supervisory b');
    });
  });

  describe('the door', () => {
    it('is saved by each choice, and says what holds now', async () => {
      const world = new World();
      const page = await world.open();
      await page.click(page.level('organisation'));
      await page.click(page.token());
      await page.click(page.token());
      expect(world.asked).toEqual([
        { accessLevel: 'organisation' },
        { settings: { askPersonalToken: true } },
        { settings: { askPersonalToken: false } },
      ]);
      expect(page.toasts()).toEqual([
        'Saved. It holds for everyone who comes to the door from now on.',
        'The door asks for the personal token now.',
        'The door no longer asks for the personal token.',
      ]);
      expect(page.level('organisation').checked).toBe(true);
    });

    it('takes no second choice while the first is on its way', async () => {
      const world = new World();
      const page = await world.open();
      let answer = (): void => undefined;
      world.api.changeRoom = async (_slug, change) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return (world.stored = { ...world.stored, ...change } as Room);
      };
      page.level('code').click();
      await page.settle();
      expect([page.token().disabled, page.level('invited').closest('fieldset')?.disabled]).toEqual([true, true]);
      answer();
      await page.settle();
      expect([page.token().disabled, page.level('code').checked]).toEqual([false, true]);
    });

    it('shows what the room has, not what was wished, when a choice is refused', async () => {
      const world = new World();
      const page = await world.open();
      world.fails = new ApiProblem('CONFLICT');
      page.level('code').click();
      await page.settle();
      expect(page.level('invited').checked).toBe(true);
      expect(page.level('code').checked).toBe(false);
      expect(page.toasts()).toEqual([expect.stringMatching(/^It has changed meanwhile/)]);
      expect(world.asked).toEqual([{ accessLevel: 'code' }, 'read']);
      expect(page.name().value).toBe('Board review');
    });
  });

  it('delete the room after its name was typed, and lead home', async () => {
    const world = new World();
    const page = await world.open();
    const went: string[] = [];
    TestBed.inject(Router).navigateByUrl = async (url) => Boolean(went.push(String(url)));
    world.fails = new ApiProblem('PERMISSION_DENIED');
    await page.click(page.button('Delete room'));
    expect([went, page.toasts()[0]]).toEqual([[], expect.stringMatching(/^You may not do this/)]);
    world.fails = null;
    await page.click(page.button('Delete room'));
    expect(went).toEqual(['/']);
    expect(world.asked).toEqual(['delete board-room', 'delete board-room']);
  });
});
