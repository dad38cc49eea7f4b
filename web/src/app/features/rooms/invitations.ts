import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { Api } from '../../core/api/api';
import type { CreatedInvitation, Invitation } from '../../core/api/types';
import { formatDate } from '../../core/format';
import { lineFor } from '../../core/words';
import { CopyButton } from '../../shared/copy/copy-button';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Field, FieldInput } from '../../shared/field/field';
import { Icon } from '../../shared/icon/icon';
import { FailedState } from '../../shared/states/failed-state';
import { loaded } from '../../shared/states/resource';
import { Toasts } from '../../shared/toast/toasts';

const STATUS_WORDS: Record<Invitation['status'], string> = {
  pending: 'Waiting',
  accepted: 'Accepted',
  revoked: 'Taken back',
  expired: 'Expired',
};

/** Invite by e-mail or by link, see who has accepted, take back. */
@Component({
  selector: 'cv-invitations',
  imports: [CopyButton, FailedState, Field, FieldInput, Icon],
  templateUrl: './invitations.html',
  styleUrl: './invitations.css',
})
export class Invitations {
  readonly slug = input.required<string>();
  protected readonly email = signal('');
  protected readonly emailError = signal('');
  protected readonly busy = signal(false);
  /** The newest invitation with its link, which is shown this once. */
  protected readonly made = signal<CreatedInvitation | null>(null);
  protected readonly list = loaded(() => this.api.invitations(this.slug()));
  protected readonly items = computed(() => this.list.value()?.items ?? []);
  protected readonly canShare = typeof navigator.share === 'function';
  protected readonly statusWords = STATUS_WORDS;
  protected readonly date = formatDate;
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);

  constructor() {
    effect(() => {
      this.slug();
      untracked(() => void this.list.load());
    });
  }

  protected async inviteByEmail(): Promise<void> {
    const email = this.email().trim();
    this.emailError.set(/^\S+@\S+$/.test(email) ? '' : 'Type an e-mail address, like marta@example.com.');
    if (this.emailError()) return;
    await this.create(email);
  }

  protected inviteByLink(): Promise<void> {
    return this.create();
  }

  protected async revoke(item: Invitation): Promise<void> {
    try {
      await this.api.revokeInvitation(this.slug(), item.id);
      if (this.made()?.id === item.id) this.made.set(null);
      this.toasts.say('The invitation is taken back.');
    } catch (error) {
      this.toasts.fail(error);
    }
    await this.list.load();
  }

  /** With an accepted invitation goes what it gave: a place in the room, and the meeting that is under way. */
  protected async endMembership(item: Invitation, name: string): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: `End the membership of ${name}?`,
      text: 'If they are in the meeting, they leave at once. They stay out until a host invites them again.',
      action: 'End membership',
    });
    if (sure) await this.revoke(item);
  }

  protected async share(made: CreatedInvitation): Promise<void> {
    // A share that the person cancels rejects; nothing has happened then.
    await navigator.share({ url: made.link }).catch(() => undefined);
  }

  private async create(email?: string): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    try {
      this.made.set(await this.api.invite(this.slug(), email));
      this.email.set('');
      await this.list.load();
    } catch (error) {
      if (email) this.emailError.set(lineFor(error));
      else this.toasts.fail(error);
    } finally {
      this.busy.set(false);
    }
  }
}
