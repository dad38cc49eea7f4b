import { computed, effect, inject, Injectable, signal, untracked } from '@angular/core';
import {
  Api,
  type AddressProof,
  type Participant,
  type Permission,
  type Room,
  type RoomRole,
} from '../../core/api/api';
import { MeetingRoom } from './meeting-room';

/** What is done to somebody, in the order of the menu. */
const TO_SOMEBODY = ['participant.mute', 'room.roles', 'participant.remove'] as const satisfies Permission[];

/** Nobody is told that somebody was let in: while one looks at the list, it is read so often. */
const LOOK_AGAIN_MS = 4_000;

type ToSomebody = (typeof TO_SOMEBODY)[number];

/** What one may do in this room, and to whom of those inside, as the API said it last. */
@Injectable()
export class Rights {
  private readonly api = inject(Api);
  private readonly room = inject(MeetingRoom);
  private readonly can = signal<readonly Permission[]>([]);
  private readonly over = signal<ReadonlyMap<string, readonly Permission[]>>(new Map());
  private readonly proofs = signal<ReadonlyMap<string, AddressProof>>(new Map());
  private readonly letIn = signal<readonly Participant[]>([]);
  private watching = 0;
  /** Who was let in and is not connected yet: nobody is on the way in unseen. */
  readonly arriving = computed(() => {
    const inside = new Set(this.room.participants().map(({ joinId }) => joinId));
    return this.letIn().filter(({ joinId }) => !inside.has(joinId));
  });
  /** The room as the API told it last; null before that. */
  readonly seen = signal<Room | null>(null);
  private slug = '';
  private joinId = '';
  private newestRead = 0;
  private newestList = 0;
  /** The media server tells everyone of a new role, and of who is here. */
  private readonly roles = computed(() =>
    this.room
      .participants()
      .map(({ joinId, role }) => `${joinId} ${role}`)
      .join(),
  );

  constructor() {
    effect(() => {
      this.roles();
      untracked(() => void this.readPeople());
    });
  }

  /** From the answer of the door on. */
  open(slug: string, can: readonly Permission[], joinId = ''): void {
    this.slug = slug;
    this.joinId = joinId;
    this.can.set(can);
  }

  may(permission: Permission): boolean {
    return this.can().includes(permission);
  }

  mayTo(joinId: string, permission: ToSomebody): boolean {
    return this.over().get(joinId)?.includes(permission) ?? false;
  }

  /** Whether there is anything that one may do to somebody. */
  mayAnything(joinId: string): boolean {
    return TO_SOMEBODY.some((permission) => this.mayTo(joinId, permission));
  }

  /** What has proven somebody's address; told to hosts. */
  proofOf(joinId: string): AddressProof | null {
    return this.proofs().get(joinId) ?? null;
  }

  /** Asks again. Answers what one is here now, or null where the API said nothing or a later question has overtaken this. */
  async refresh(): Promise<RoomRole | null> {
    const mine = ++this.newestRead;
    const room = await this.api.room(this.slug).catch(() => null);
    if (!room || mine !== this.newestRead) return null;
    this.seen.set(room);
    this.can.set(room.can);
    await this.readPeople();
    return room.role;
  }

  /** Somebody looks at the list of people until the answer is called: it is read again and again. */
  watchPeople(): () => void {
    this.watching++;
    void this.readPeople();
    const timer = setInterval(() => document.hidden || void this.readPeople(), LOOK_AGAIN_MS);
    return () => {
      clearInterval(timer);
      this.watching--;
    };
  }

  /** To whom one may do something, and who is on the way in. Who may do nothing to anybody and does not look does not ask. */
  async readPeople(): Promise<void> {
    const mine = ++this.newestList;
    if (this.watching === 0 && !TO_SOMEBODY.some((permission) => this.may(permission))) return this.over.set(new Map());
    const page = await this.api.participants(this.slug).catch(() => null);
    if (!page || mine !== this.newestList) return;
    this.letIn.set(page.items.filter(({ state, joinId }) => state === 'arriving' && joinId !== this.joinId));
    this.over.set(new Map(page.items.map(({ joinId, can }) => [joinId, can])));
    this.proofs.set(new Map(page.items.flatMap((one) => (one.verifiedBy ? [[one.joinId, one.verifiedBy]] : []))));
  }
}
