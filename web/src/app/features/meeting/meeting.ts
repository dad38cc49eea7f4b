import { Component, computed, DestroyRef, effect, inject, input, output, signal, untracked } from '@angular/core';
import { EventsSocket } from '../../core/events/events-socket';
import { LiveSocket } from '../../core/live/live-socket';
import { formatCount, formatElapsed, isolated } from '../../core/format';
import { keepAwake } from '../../core/attention/wake-lock';
import { plural } from '../../core/plural';
import { PageTitle } from '../../shell/page-title';
import type { Handover } from '../../core/media/handover';
import { Shortcuts, type ShortcutAction } from '../../core/keys/shortcuts';
import { ACCESS_WORDS } from '../../core/room-words';
import { serverDate, serverNow } from '../../core/time/server-clock';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { Namesakes } from '../../shared/person/namesakes';
import { droppedFiles, pastedFiles, RoomFiles } from '../files';
import { Announcer } from './announcer';
import { ChatStore } from './chat-store';
import { ControlBar } from './control-bar';
import { Lobby } from './lobby';
import { MeetingEnded } from './meeting-ended';
import { MeetingRoom } from './meeting-room';
import { MeetingStore } from './meeting-store';
import { OwnPicture } from './own-picture';
import { Rights } from './rights';
import { showShortcuts } from './shortcuts-dialog';
import { SidePanel } from './side-panel';
import { SidePanelFrame } from './side-panel-frame';
import { Stage } from './stage';
import { Typing } from './typing';
import { WayBack } from './way-back';
import { whoIsWho } from './who-is-who';

/** The meeting: the stage, the bar, the panels. */
@Component({
  selector: 'cv-meeting',
  imports: [ControlBar, Icon, MeetingEnded, SidePanelFrame, Stage],
  providers: [
    Announcer,
    ChatStore,
    EventsSocket,
    LiveSocket,
    Lobby,
    MeetingRoom,
    MeetingStore,
    { provide: Namesakes, useFactory: whoIsWho },
    OwnPicture,
    Rights,
    RoomFiles,
    SidePanel,
    Typing,
    WayBack,
  ],
  templateUrl: './meeting.html',
  styleUrl: './meeting.css',
  host: {
    '(document:keydown)': 'pressed($event)',
    '(document:keyup)': 'released($event)',
    '(window:blur)': 'stopTalking()',
    '(dragenter)': 'draggedIn($event)',
    '(dragover)': 'draggedOver($event)',
    '(drop)': 'dropped($event)',
    '(document:paste)': 'pasted($event)',
  },
})
export class Meeting {
  readonly handover = input.required<Handover>();
  /** Back to the door. */
  readonly again = output();

  protected readonly store = inject(MeetingStore);
  protected readonly room = inject(MeetingRoom);
  protected readonly wayBack = inject(WayBack);
  protected readonly chat = inject(ChatStore);
  protected readonly side = inject(SidePanel);
  protected readonly announcer = inject(Announcer);
  protected readonly promise = computed(() => ACCESS_WORDS[this.store.accessLevel()].promise);
  protected readonly earned = computed(() => ACCESS_WORDS[this.store.accessLevel()].sealed);
  protected readonly elapsed = computed(() => formatElapsed(this.now() - this.store.startedAt()));
  protected readonly alone = computed(() => this.room.state() === 'connected' && this.room.participants().length === 1);
  protected readonly count = formatCount;
  protected readonly peopleInside = computed(() =>
    plural(
      $localize`:@@meeting.peopleInside:{COUNT, plural, =1 {1 person inside} other {# people inside}}`,
      this.room.participants().length,
    ),
  );
  /** Who sees what, for whoever presents. */
  protected readonly presentingWords = computed(() => {
    const [other, ...more] = this.room.presenters().filter(({ local }) => !local);
    if (!other) return $localize`:@@meeting.presenting:You are presenting.`;
    return more.length > 0
      ? $localize`:@@meeting.presentingMany:You and others are presenting. Everyone chooses whose screen they see.`
      : $localize`:@@meeting.presentingBoth:You and ${isolated(other.name)}:NAME: are presenting. Everyone else sees both screens, or chooses one; you see theirs.`;
  });
  private readonly now = signal(serverNow());
  private readonly files = inject(RoomFiles);
  private readonly dialogs = inject(Dialogs);
  private readonly shortcuts = inject(Shortcuts);
  /** The key that is held to speak. */
  private talking: string | null = null;

  constructor() {
    const clock = setInterval(() => this.now.set(serverNow()), 1_000);
    const title = inject(PageTitle);
    effect(() => title.count(this.store.cause() === null ? this.chat.unread() : 0));
    effect(() => (this.announcer.roomName = this.store.roomName()));
    // The screen stays lit while one is inside.
    effect((onCleanup) => {
      if (this.store.cause() === null) onCleanup(keepAwake());
    });
    inject(DestroyRef).onDestroy(() => {
      clearInterval(clock);
      title.count(0);
    });
    // What lies beside the stage goes with it.
    effect(() => {
      if (this.store.cause() !== null) this.side.open.set(null);
    });
    effect(() => {
      const handover = this.handover();
      untracked(() => void this.store.begin(handover));
    });
  }

  protected pressed(event: KeyboardEvent): void {
    if (this.store.cause() !== null) return;
    const action = this.shortcuts.actionOf(event);
    if (!action || (action === 'talk' && this.room.microphoneOn())) return;
    event.preventDefault();
    if (action !== 'talk') return this.act(action);
    this.talking = event.code;
    void this.room.setMicrophone(true);
  }

  protected released(event: KeyboardEvent): void {
    if (event.code === this.talking) this.stopTalking();
  }

  protected stopTalking(): void {
    if (this.talking === null) return;
    this.talking = null;
    void this.room.setMicrophone(false);
  }

  protected draggedIn(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files')) this.side.open.set('files');
  }

  /** A file that misses the panel must not make the browser leave the meeting to show it. */
  protected draggedOver(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  }

  protected dropped(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    void droppedFiles(event.dataTransfer).then((files) => this.files.add(files));
  }

  /** A picture from the clipboard becomes a file like one that is dropped. */
  protected pasted(event: ClipboardEvent): void {
    const files = this.store.cause() === null ? pastedFiles(event, serverDate()) : [];
    if (files.length === 0) return;
    event.preventDefault();
    this.side.open.set('files');
    this.files.add(files);
  }

  private act(action: Exclude<ShortcutAction, 'talk'>): void {
    switch (action) {
      case 'microphone':
        return void this.room.setMicrophone(!this.room.microphoneOn());
      case 'camera':
        return void this.room.setCamera(!this.room.cameraOn());
      case 'chat':
      case 'people':
        return this.side.toggle(action);
      case 'help':
        return showShortcuts(this.dialogs);
    }
  }
}
