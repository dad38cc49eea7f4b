import { signal } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import {
  Api,
  type AddressProof,
  type Participant,
  type Permission,
  type RoomRole,
  type SetMemberRoleBody,
} from '../../core/api/api';
import { ApiProblem } from '../../core/api/problem';
import type { ConfirmQuestion } from '../../shared/dialog/confirm-dialog';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Toasts } from '../../shared/toast/toasts';
import { Announcer } from './announcer';
import { Lobby } from './lobby';
import { MeetingRoom } from './meeting-room';
import { MeetingStore } from './meeting-store';
import type { ParticipantView } from './participant-view';
import { Namesakes } from '../../shared/person/namesakes';
import { PeoplePanel } from './people-panel';
import { Rights } from './rights';

const person = (name: string, role: RoomRole, local = false): ParticipantView => ({
  joinId: `j-${name}`,
  userId: `u-${name}`,
  name,
  role,
  local,
  verified: true,
  microphoneOn: true,
  speaking: false,
  quality: 'good',
  camera: null,
  screen: null,
});

/** The panel of somebody whom the API lets do to each what the spec decides. */
class World {
  readonly asked: unknown[] = [];
  readonly questions: ConfirmQuestion[] = [];
  sure = true;
  fails: ApiProblem | null = null;
  readonly participants = signal([person('Aylin', 'owner', true), person('Anna', 'participant')]);
  readonly proofs = signal<Record<string, AddressProof>>({});
  readonly arriving = signal<Pick<Participant, 'joinId' | 'userId' | 'displayName' | 'role' | 'verified'>[]>([]);
  watched = 0;
  readonly over = signal<Record<string, Permission[]>>({});
  readonly fixture: ComponentFixture<PeoplePanel>;

  constructor() {
    const may = (joinId: string) => this.over()[joinId] ?? [];
    const api = {
      removeParticipant: async () => ({ codeChanged: true, newcomersWait: true }),
      setMemberRole: async (slug: string, userId: string, { role }: SetMemberRoleBody) => {
        if (this.fails) throw this.fails;
        this.asked.push([slug, userId, role]);
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: Api, useValue: api },
        {
          provide: Namesakes,
          useValue: new Namesakes(() => this.participants().map(({ userId, name }) => ({ id: userId, name }))),
        },
        { provide: Announcer, useValue: { attract: () => undefined } },
        { provide: MeetingRoom, useValue: { participants: this.participants } },
        { provide: MeetingStore, useValue: { may: () => false, slug: () => 'board' } },
        Lobby,
        {
          provide: Rights,
          useValue: {
            may: () => false,
            seen: () => null,
            arriving: this.arriving,
            watchPeople: () => {
              this.watched++;
              return () => void this.watched--;
            },
            mayTo: (joinId: string, permission: Permission) => may(joinId).includes(permission),
            mayAnything: (joinId: string) => may(joinId).length > 0,
            proofOf: (joinId: string) => this.proofs()[joinId] ?? null,
          },
        },
        {
          provide: Dialogs,
          useValue: {
            confirm: async (question: ConfirmQuestion) => {
              this.questions.push(question);
              return this.sure;
            },
          },
        },
      ],
    });
    this.fixture = TestBed.createComponent(PeoplePanel);
  }

  async shown(): Promise<void> {
    await this.fixture.whenStable();
    this.fixture.detectChanges();
  }

  /** The buttons that open a menu, by their name. */
  get options(): (string | null)[] {
    return [...this.page.querySelectorAll('button.icon-btn')].map((button) => button.getAttribute('aria-label'));
  }

  get facts(): (string | undefined)[] {
    return [...this.page.querySelectorAll('.facts')].map((line) => line.textContent?.trim());
  }

  /** Opens the only menu there is and answers its items. */
  async menu(): Promise<HTMLElement[]> {
    await this.shown();
    this.page.querySelector<HTMLElement>('button.icon-btn')?.click();
    await this.shown();
    return [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  async choose(words: string): Promise<void> {
    const item = (await this.menu()).find(({ textContent }) => textContent?.trim() === words);
    item?.click();
    await this.shown();
  }

  get toasts(): readonly string[] {
    return TestBed.inject(Toasts)
      .list()
      .map(({ text }) => text);
  }

  /** The people of a list, by its name. */
  people(list: string): (string | undefined)[] {
    return [...this.page.querySelectorAll(`ul[aria-label="${list}"] .who`)].map((who) =>
      who.textContent
        ?.replace(/[\u2066-\u2069]/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  }

  private get page(): HTMLElement {
    return this.fixture.nativeElement as HTMLElement;
  }
}

const words = (items: readonly HTMLElement[]) => items.map(({ textContent }) => textContent?.trim());

describe('the people of a meeting', () => {
  it('have a menu where the API lets one do something to them, with that and nothing else', async () => {
    const world = new World();
    await world.shown();
    expect([world.options, world.facts]).toEqual([[], ['Host', 'Participant']]);
    world.over.set({ 'j-Anna': ['participant.mute', 'participant.remove'] });
    await world.shown();
    expect(world.options).toEqual(['Options for Anna']);
    expect(words(await world.menu())).toEqual(['Mute', 'Remove from the meeting']);
  });

  it('say to a host how an address was proven', async () => {
    const world = new World();
    world.proofs.set({ 'j-Anna': 'invitation' });
    await world.shown();
    expect(world.facts[1]).toBe('Participant, opened an invitation to their address');
  });

  it('lose the menu at once with what one may do, also while it is open', async () => {
    const world = new World();
    world.over.set({ 'j-Anna': ['participant.mute'] });
    expect(await world.menu()).toHaveLength(1);
    world.over.set({});
    await world.shown();
    expect([world.options, document.querySelectorAll('[role=menuitem]')]).toMatchObject([[], { length: 0 }]);
  });

  it('become co-hosts after a question, and the word of a new role is shown', async () => {
    const world = new World();
    world.over.set({ 'j-Anna': ['room.roles'] });
    world.sure = false;
    await world.choose('Make co-host');
    expect(world.questions).toMatchObject([
      { title: 'Make \u2068Anna\u2069 a co-host?', action: 'Make co-host', calm: true },
    ]);
    expect(world.asked).toEqual([]);
    world.sure = true;
    await world.choose('Make co-host');
    expect(world.asked).toEqual([['board', 'u-Anna', 'moderator']]);
    expect(world.toasts).toEqual(['\u2068Anna\u2069 is a co-host now.']);
    world.participants.set([person('Aylin', 'owner', true), person('Anna', 'moderator')]);
    await world.shown();
    expect(world.facts).toEqual(['Host', 'Co-host']);
  });

  it('become participants again without one', async () => {
    const world = new World();
    world.participants.set([person('Anna', 'moderator')]);
    world.over.set({ 'j-Anna': ['room.roles'] });
    await world.choose('Make participant');
    expect([world.asked, world.questions]).toEqual([[['board', 'u-Anna', 'participant']], []]);
    expect(world.toasts).toEqual(['\u2068Anna\u2069 is a participant again.']);
  });

  it('stay what they are where the API refuses, and that is said', async () => {
    const world = new World();
    world.over.set({ 'j-Anna': ['room.roles'] });
    world.fails = new ApiProblem('PERMISSION_DENIED');
    await world.choose('Make co-host');
    expect(world.toasts).toEqual([expect.stringMatching(/^You may not do this/)]);
  });

  it('who were let in and are not connected yet stand apart, and can be put out; the list is fresh while it is open', async () => {
    const world = new World();
    await world.shown();
    expect([world.watched, world.people('People on the way in')]).toEqual([1, []]);
    world.arriving.set([
      { joinId: 'j-Lea', userId: 'u-Lea', displayName: 'Lea Novak', role: 'participant', verified: false },
    ]);
    world.over.set({ 'j-Lea': ['participant.mute', 'participant.remove'] });
    await world.shown();
    expect(world.people('People on the way in')).toEqual([
      expect.stringMatching(/^Lea Novak.*Let in, not connected yet$/),
    ]);
    expect(world.people('People in the meeting')).toHaveLength(2);
    expect(world.options).toEqual(['Options for Lea Novak']);
    expect(words(await world.menu())).toEqual(['Remove from the meeting']);
    world.fixture.destroy();
    expect(world.watched).toBe(0);
  });
});
