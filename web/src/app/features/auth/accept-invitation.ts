import { Component, DestroyRef, inject, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Api } from '../../core/api/api';
import { asProblem } from '../../core/api/problem';
import { forgetInvitation, invitationToken, onInvitation } from '../../core/session/invitation-token';
import { isolated } from '../../core/format';
import { Session } from '../../core/session/session';
import { wordsFor, type Words } from '../../core/words';
import { EmptyState } from '../../shared/states/empty-state';
import { FailedState } from '../../shared/states/failed-state';
import { OutcomePage } from '../../shell/outcome-page';

type Step = 'working' | 'sign-in' | 'no-token' | 'refused' | 'failed';

/** The page an invitation link opens: sign in if needed, accept, go to the door. */
@Component({
  selector: 'cv-accept-invitation',
  imports: [EmptyState, FailedState, OutcomePage, RouterLink],
  template: `
    <cv-outcome-page>
      @switch (step()) {
        @case ('working') {
          <cv-empty-state
            level="1"
            icon="mail"
            heading="Opening your invitation"
            i18n-heading="@@invite.opening"
            text="One moment."
            i18n-text="@@invite.moment"
          />
        }
        @case ('sign-in') {
          <cv-empty-state
            level="1"
            icon="mail"
            heading="You are invited to a room"
            i18n-heading="@@invite.invited"
            text="Sign in, or create an account, so that the invitation becomes yours. Nobody else can use it then."
            i18n-text="@@invite.invitedText"
          >
            <a class="btn primary" routerLink="/sign-up" [queryParams]="back" i18n="@@auth.create">Create account</a>
            <a class="btn" routerLink="/sign-in" [queryParams]="back" i18n="@@auth.signIn">Sign in</a>
          </cv-empty-state>
        }
        @case ('no-token') {
          <cv-empty-state
            level="1"
            icon="link"
            heading="The invitation link is not whole"
            i18n-heading="@@invite.broken"
            text="Open it again from the message you received, or ask the host for a new one."
            i18n-text="@@invite.brokenText"
          >
            <a class="btn" routerLink="/" i18n="@@shell.toRooms">Go to your rooms</a>
          </cv-empty-state>
        }
        @case ('refused') {
          <cv-empty-state level="1" icon="mail" [heading]="words()?.title ?? ''" [text]="words()?.text ?? ''">
            <a class="btn" routerLink="/" i18n="@@shell.toRooms">Go to your rooms</a>
          </cv-empty-state>
        }
        @case ('failed') {
          <cv-failed-state level="1" [error]="error()" (retry)="begin()" />
        }
      }
    </cv-outcome-page>
  `,
})
export class AcceptInvitation {
  protected readonly step = signal<Step>('working');
  protected readonly words = signal<Words | null>(null);
  protected readonly error = signal<unknown>(null);
  protected readonly back = { returnUrl: '/invite' };
  private readonly api = inject(Api);
  private readonly session = inject(Session);
  private readonly router = inject(Router);

  constructor() {
    inject(DestroyRef).onDestroy(onInvitation(() => void this.begin()));
    void this.begin();
  }

  protected async begin(): Promise<void> {
    const token = invitationToken();
    if (!token) return this.step.set('no-token');
    this.step.set('working');
    if ((await this.session.ensure()) === 'signed-out') return this.step.set('sign-in');
    try {
      const { slug } = await this.api.acceptInvitation({ token });
      // Another link that was pasted meanwhile is on its way already.
      if (invitationToken() !== token) return;
      forgetInvitation();
      await this.router.navigate(['/r', slug], { replaceUrl: true });
    } catch (error) {
      if (invitationToken() === token) this.refuse(error);
    }
  }

  /** The link is whole and open, and somebody else is signed in than the person it is for. */
  private forAnother(): Words {
    const email = this.session.me()?.email ?? '';
    return {
      title: $localize`:@@invite.otherAddress:This invitation is for another address`,
      text: $localize`:@@invite.otherAddressText:You are signed in as ${isolated(email)}:EMAIL:. Sign out, and open the link again with the account of the address that it was sent to.`,
    };
  }

  private refuse(error: unknown): void {
    const problem = asProblem(error);
    if (problem.reason === 'UNAUTHENTICATED') return this.step.set('sign-in');
    const passing = ['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'RATE_LIMITED', 'BUSY', 'INTERNAL'].includes(problem.reason);
    this.error.set(error);
    this.words.set(problem.reason === 'NOT_INVITED' ? this.forAnother() : wordsFor(error));
    this.step.set(passing ? 'failed' : 'refused');
    if (!passing) forgetInvitation();
  }
}
