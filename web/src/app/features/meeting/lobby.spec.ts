import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Api, type Permission, type WaitingPerson } from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import { Toasts } from '../../shared/toast/toasts';
import { Announcer } from './announcer';
import { Lobby } from './lobby';
import { LobbyList } from './lobby-list';
import { Rights } from './rights';

const anna: WaitingPerson = {
  requestId: 'q-anna',
  userId: 'u-anna',
  displayName: 'Anna Berg',
  verified: false,
  askedAt: '2026-11-26T20:00:00Z',
};

class World {
  readonly asked: string[] = [];
  /** What called whoever does not look at the page. */
  readonly heard: [string, string][] = [];
  waiting: WaitingPerson[] = [];
  fails: ApiProblem | null = null;
  readonly can = signal<readonly Permission[]>(['lobby.admit', 'room.access-code', 'room.read-access-code']);
  readonly seen = signal<object | null>(null);
  readonly lobby: Lobby;
  readonly toasts: Toasts;

  constructor() {
    const asks =
      <T>(words: string, answer: () => T) =>
      async (_slug: string, what?: unknown) => {
        this.asked.push(`${words} ${JSON.stringify(what) ?? ''}`.trim());
        if (this.fails) throw this.fails;
        return answer();
      };
    TestBed.configureTestingModule({
      providers: [
        Lobby,
        {
          provide: Api,
          useValue: {
            waiting: async () => ({ items: [...this.waiting] }),
            admitWaiting: asks('admit', () => void (this.waiting = [])),
            denyWaiting: asks('deny', () => void (this.waiting = [])),
            setNewcomersWait: asks('newcomers', () => ({ newcomersWaitSince: null })),
            accessCode: asks('code', () => ({ accessCode: 'k7fm-2p9x-wq4d' })),
            rotateAccessCode: asks('rotate', () => ({ accessCode: 'new0-code-here' })),
          },
        },
        { provide: Announcer, useValue: { attract: (text: string, sound: string) => this.heard.push([sound, text]) } },
        {
          provide: Rights,
          useValue: {
            may: (permission: Permission) => this.can().includes(permission),
            seen: this.seen,
            refresh: async () => null,
          },
        },
      ],
    });
    this.lobby = TestBed.inject(Lobby);
    this.toasts = TestBed.inject(Toasts);
  }

  async knock(): Promise<void> {
    this.waiting = [anna];
    await this.lobby.knocked(anna.userId);
  }

  /** Presses a button of the newest toast. */
  async press(label: string): Promise<void> {
    const action = this.toasts
      .list()
      .at(-1)
      ?.actions.find((one) => one.label === label);
    if (!action) throw new Error(`no button ${label}`);
    action.run();
    await new Promise((resolve) => setTimeout(resolve));
  }

  get said(): string[] {
    return this.toasts.list().map(({ text }) => text.replace(/[\u2066-\u2069]/g, ''));
  }

  async list(): Promise<HTMLElement> {
    const fixture = TestBed.createComponent(LobbyList);
    await fixture.whenStable();
    return fixture.nativeElement as HTMLElement;
  }
}

describe('hosts', () => {
  it('are told who waits and whether their address is proven, and answer right there', async () => {
    const world = new World();
    world.lobby.open('board');
    await world.knock();
    expect(world.said).toEqual(['Anna Berg (not verified) is waiting to come in.']);
    await world.press('Admit');
    expect(world.asked).toEqual(['admit "q-anna"']);
    expect([world.lobby.waiting(), world.said]).toEqual([[], []]);
  });

  it('are told once, however often it is announced, and no longer when somebody else has answered', async () => {
    const world = new World();
    world.lobby.open('board');
    await world.knock();
    await world.knock();
    expect(world.said).toHaveLength(1);
    expect(world.heard).toEqual([['knock', expect.stringMatching(/Anna Berg.* is waiting to come in\.$/)]]);
    world.waiting = [];
    await world.lobby.knocked('u-nobody');
    expect(world.said).toEqual([]);
  });

  it('see the list, with a name on each button, and the switch that says how to lift the wait', async () => {
    const world = new World();
    world.seen.set({ newcomersWaitSince: '2026-11-26T20:00:00Z', codeGuessedAt: '2026-11-26T20:00:00Z' });
    world.lobby.open('board');
    await world.knock();
    const page = await world.list();
    const names = [...page.querySelectorAll('button')].map(
      (button) => button.getAttribute('aria-label') ?? button.textContent?.trim(),
    );
    expect(names).toEqual(['Deny Anna Berg', 'Admit Anna Berg', 'Change the code']);
    expect(page.textContent).toContain('Switch it off to let them in as before.');
    const wait = page.querySelector<HTMLInputElement>('input[role=switch]');
    expect(wait?.checked).toBe(true);
    wait?.click();
    await new Promise((resolve) => setTimeout(resolve));
    expect(world.asked).toEqual(['newcomers {"wait":false}']);
  });

  it('hear that somebody else was first', async () => {
    const world = new World();
    world.lobby.open('board');
    await world.knock();
    world.fails = new ApiProblem('CONFLICT');
    await world.press('Deny');
    expect(world.said.at(-1)).toContain('It has changed meanwhile');
  });

  it('have the new code one tap from the removal, where it is theirs to know', async () => {
    const world = new World();
    world.lobby.open('board');
    world.lobby.removed('Tom', true);
    expect(world.said).toEqual(['Tom is removed. The code was changed.']);
    await world.press('Show the new code');
    expect(world.said.at(-1)).toBe('The access code is k7fm-2p9x-wq4d');
    // A co-host reads the code and does not change it.
    world.can.set(['lobby.admit', 'room.read-access-code']);
    world.lobby.removed('Lea', true);
    await world.press('Show the new code');
    expect(world.said.at(-1)).toBe('The access code is k7fm-2p9x-wq4d');
    world.can.set(['lobby.admit']);
    world.lobby.removed('Ben', true);
    expect(world.said.at(-1)).toContain('the owner of the room knows the new one');
    world.lobby.removed('Eve', false);
    expect(world.said.at(-1)).toBe('Eve is removed.');
  });

  it('change the code with one tap when many wrong ones were tried', async () => {
    const world = new World();
    world.lobby.open('board');
    world.lobby.guessed();
    await world.press('Change the code');
    expect(world.said.at(-1)).toBe('The access code is new0-code-here');
  });
});

describe('everybody else', () => {
  it('neither asks who waits nor sees anything of it', async () => {
    const world = new World();
    world.can.set(['room.view']);
    world.waiting = [anna];
    world.lobby.open('board');
    await world.lobby.knocked(anna.userId);
    expect([world.lobby.waiting(), world.said]).toEqual([[], []]);
    expect((await world.list()).textContent?.trim()).toBe('');
  });
});
