import { Component, computed, DestroyRef, effect, inject, untracked, viewChild, type ElementRef } from '@angular/core';
import { tryingAgainHelps } from '../../core/api/problem';
import { formatTime } from '../../core/format';
import { Session } from '../../core/session/session';
import { lineFor } from '../../core/words';
import { Avatar } from '../../shared/avatar/avatar';
import { PersonName } from '../../shared/person/person-name';
import { ShowMore } from '../../shared/list/show-more';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { ChatComposer } from './chat-composer';
import { groupMessages } from './chat-log';
import { ChatStore } from './chat-store';
import { MeetingRoom } from './meeting-room';
import { MessageText } from './message-text';
import { Namesakes } from '../../shared/person/namesakes';
import { Typing } from './typing';
import { TypingLine } from './typing-line';

const NEAR_END_PX = 80;

/** What was said, and below it the line to say something. */
@Component({
  selector: 'cv-chat-panel',
  imports: [Avatar, ChatComposer, EmptyState, FailedState, MessageText, PersonName, ShowMore, TypingLine],
  templateUrl: './chat-panel.html',
  styleUrl: './chat-panel.css',
})
export class ChatPanel {
  protected readonly chat = inject(ChatStore);
  protected readonly namesakes = inject(Namesakes);
  protected readonly room = inject(MeetingRoom);
  protected readonly session = inject(Session);
  protected readonly groups = computed(() => groupMessages(this.chat.messages() ?? [], this.chat.newFrom()));
  protected readonly time = formatTime;
  protected readonly line = lineFor;
  protected readonly mayTryAgain = tryingAgainHelps;
  private readonly log = viewChild<ElementRef<HTMLElement>>('log');

  constructor() {
    this.chat.show(true);
    inject(Typing).watch();
    inject(DestroyRef).onDestroy(() => this.chat.show(false));
    effect(() => {
      this.chat.messages();
      this.chat.outgoing();
      untracked(() => this.followEnd());
    });
  }

  /** Stays at the end unless the person has scrolled up to read. */
  private followEnd(): void {
    const before = this.log()?.nativeElement;
    const follows = !before || before.scrollHeight - before.scrollTop - before.clientHeight < NEAR_END_PX;
    if (!follows) return;
    requestAnimationFrame(() => {
      const element = this.log()?.nativeElement;
      if (element) element.scrollTop = element.scrollHeight;
    });
  }
}
