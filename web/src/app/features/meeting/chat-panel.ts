import { Component, computed, DestroyRef, effect, inject, untracked, viewChild } from '@angular/core';
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
import { FollowsEnd } from './follows-end';
import { MeetingRoom } from './meeting-room';
import { MessageText } from './message-text';
import { Namesakes } from '../../shared/person/namesakes';
import { Typing } from './typing';
import { TypingLine } from './typing-line';

/** What was said, and below it the line to say something. */
@Component({
  selector: 'cv-chat-panel',
  imports: [Avatar, ChatComposer, EmptyState, FailedState, FollowsEnd, MessageText, PersonName, ShowMore, TypingLine],
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
  private readonly log = viewChild<FollowsEnd>('log');

  constructor() {
    this.chat.show(true);
    inject(Typing).watch();
    inject(DestroyRef).onDestroy(() => this.chat.show(false));
    effect(() => {
      this.chat.messages();
      this.chat.outgoing();
      untracked(() => this.log()?.follow());
    });
  }
}
