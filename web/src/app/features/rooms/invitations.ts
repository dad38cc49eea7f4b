import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { form, submit, validate, type TreeValidationResult } from '@angular/forms/signals';
import { Api, type CreatedInvitation, type Invitation } from '../../core/api/api';
import { draftOf } from '../../core/drafts/drafts';
import { formatDate, isolated } from '../../core/format';
import { PagedList } from '../../core/list/paged-list';
import { CopyButton } from '../../shared/copy/copy-button';
import { Dialogs } from '../../shared/dialog/dialogs';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Refusal } from '../../shared/field/refusal';
import { Icon } from '../../shared/icon/icon';
import { ShowMore } from '../../shared/list/show-more';
import { FailedState } from '../../shared/states/failed-state';
import { Toasts } from '../../shared/toast/toasts';

const STATUS_WORDS: Record<Invitation['status'], string> = {
  pending: $localize`:@@rooms.statusPending:Waiting`,
  accepted: $localize`:@@rooms.statusAccepted:Accepted`,
  revoked: $localize`:@@rooms.statusRevoked:Taken back`,
  expired: $localize`:@@rooms.statusExpired:Expired`,
};

/** Invite by e-mail or by link, see who has accepted, take back. */
@Component({
  selector: 'cv-invitations',
  imports: [...FORM_PARTS, CopyButton, FailedState, Icon, ShowMore],
  templateUrl: './invitations.html',
  styleUrl: './invitations.css',
})
export class Invitations {
  readonly slug = input.required<string>();
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  private readonly wish = signal({ email: '' });
  /** What is typed stays typed: closed by mistake, it is there again. */
  protected readonly draft = draftOf(() => `invite:${this.slug()}`, this.wish, ['email']);
  protected readonly refusal = new Refusal(this.wish);
  protected readonly invitation = form(
    this.wish,
    ({ email }) =>
      validate(email, ({ value }) =>
        /^\S+@\S+$/.test(value().trim())
          ? null
          : { kind: 'email', message: $localize`:@@rooms.emailWrong:Type an e-mail address, like marta@example.com.` },
      ),
    { name: 'invitation', submission: { action: () => this.byEmail() } },
  );
  protected readonly busy = computed(() => this.invitation().submitting());
  /** The newest invitation with its link, which is shown this once. */
  protected readonly made = signal<CreatedInvitation | null>(null);
  protected readonly list = new PagedList<Invitation>({ read: (page) => this.api.invitations(this.slug(), page) });
  protected readonly canShare = typeof navigator.share === 'function';
  protected readonly statusWords = STATUS_WORDS;
  protected readonly date = formatDate;

  constructor() {
    effect(() => {
      this.slug();
      untracked(() => {
        this.list.clear();
        void this.list.reload();
      });
    });
  }

  protected takeBackLabel({ email }: Invitation): string {
    /* eslint-disable conclave/isolated-names -- a label is heard */
    return email
      ? $localize`:@@rooms.takeBackOf:Take back the invitation for ${email}:EMAIL:`
      : $localize`:@@rooms.takeBackLink:Take back the invitation for one person`;
    /* eslint-enable conclave/isolated-names */
  }

  /** Whatever stands in the field: a link is for whoever opens it first. */
  protected async inviteByLink(): Promise<void> {
    await submit(this.invitation, { ignoreValidators: 'all', action: () => this.byLink() });
  }

  protected async revoke(item: Invitation): Promise<void> {
    try {
      await this.api.revokeInvitation(this.slug(), item.id);
      if (this.made()?.id === item.id) this.made.set(null);
      this.toasts.say($localize`:@@rooms.takenBack:The invitation is taken back.`);
    } catch (error) {
      this.toasts.fail(error);
    }
    void this.list.reload();
  }

  /** With an accepted invitation goes what it gave: a place in the room, and the meeting that is under way. */
  protected async endMembership(item: Invitation, name: string): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: $localize`:@@rooms.endMembershipTitle:End the membership of ${isolated(name)}:NAME:?`,
      text: $localize`:@@rooms.endMembershipText:If they are in the meeting, they leave at once. They stay out until a host invites them again.`,
      action: $localize`:@@rooms.endMembership:End membership`,
    });
    if (sure) await this.revoke(item);
  }

  protected async share(made: CreatedInvitation): Promise<void> {
    // A share that the person cancels rejects; nothing has happened then.
    await navigator.share?.({ url: made.link }).catch(() => undefined);
  }

  private byEmail(): Promise<TreeValidationResult> {
    return this.refusal.of(() => this.create(this.wish().email.trim()));
  }

  private async byLink(): Promise<void> {
    await this.create().catch((error: unknown) => this.toasts.fail(error));
  }

  private async create(email?: string): Promise<void> {
    this.made.set(await this.api.invite(this.slug(), { email }));
    this.invitation().reset({ email: '' });
    this.refusal.forget();
    void this.list.reload();
  }
}
