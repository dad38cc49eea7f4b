import { Component, inject } from '@angular/core';
import { form, FormField, FormRoot, submit, validate } from '@angular/forms/signals';
import { isVisible } from '@conclave/contracts/visible';
import { composes } from '../../core/keys/key-press';
import { formatCount } from '../../core/format';
import { Icon } from '../../shared/icon/icon';
import { ChatStore, MAX_CODE_POINTS } from './chat-store';
import { Typing } from './typing';

/** The line to say something. What is sent leaves the line at once; how it fares is shown in the log. */
@Component({
  selector: 'cv-chat-composer',
  imports: [FormField, FormRoot, Icon],
  templateUrl: './chat-composer.html',
  styleUrl: './chat-composer.css',
})
export class ChatComposer {
  private readonly chat = inject(ChatStore);
  private readonly typing = inject(Typing);
  protected readonly limit = formatCount(MAX_CODE_POINTS);
  protected readonly message = form(
    this.chat.draft,
    ({ text }) => {
      validate(text, ({ value }) => (isVisible(value()) ? null : { kind: 'empty' }));
      validate(text, ({ value }) => ([...value()].length > MAX_CODE_POINTS ? { kind: 'too-long' } : null));
    },
    { name: 'message', submission: { action: async () => this.send() } },
  );

  protected key(event: KeyboardEvent): void {
    // Enter while an input method composes chooses a word, it does not send.
    if (event.key !== 'Enter' || event.shiftKey || composes(event)) return;
    event.preventDefault();
    void submit(this.message);
  }

  protected typed(): void {
    if (this.chat.draft().text.trim()) this.typing.typed();
    else this.typing.stopped();
  }

  private send(): void {
    const { text } = this.chat.draft();
    this.chat.draft.set({ text: '' });
    this.typing.stopped();
    void this.chat.send(text.trim());
  }
}
