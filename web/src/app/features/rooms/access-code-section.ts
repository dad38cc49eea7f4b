import { Component, computed, inject, input, resource, signal } from '@angular/core';
import { Api } from '../../core/api/api';
import { CopyButton } from '../../shared/copy/copy-button';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { FailedState } from '../../shared/states/failed-state';
import { latest } from '../../shared/states/latest';
import { Toasts } from '../../shared/toast/toasts';

/** The room's access code: read, renew, remove. */
@Component({
  selector: 'cv-access-code-section',
  imports: [CopyButton, FailedState, Icon],
  template: `
    <b class="label" i18n="@@rooms.accessCode">Access code</b>
    @if (known(); as value) {
      @if (value.accessCode; as code) {
        <div class="with-action">
          <code class="code-box" dir="ltr" i18n-aria-label="@@rooms.accessCode" aria-label="Access code">{{
            shown() ? code : hidden()
          }}</code>
          <button class="icon-btn" type="button" [attr.aria-label]="showLabel()" (click)="shown.set(!shown())">
            <cv-icon [name]="shown() ? 'eye-off' : 'eye'" />
          </button>
          <cv-copy-button [text]="code" name="Copy access code" i18n-name="@@rooms.copy.code" />
        </div>
        <div class="acts">
          <button class="btn" type="button" [disabled]="busy()" (click)="rotate()">
            <cv-icon name="refresh-cw" /><span i18n="@@rooms.newCode">New code</span>
          </button>
          <button
            class="btn danger-quiet"
            type="button"
            i18n="@@rooms.removeCode"
            [disabled]="busy()"
            (click)="remove()"
          >
            Remove code
          </button>
        </div>
      } @else {
        <p class="muted" i18n="@@rooms.noCode">
          There is no access code. Where the door asks for one, nobody gets in by code.
        </p>
        <div class="acts">
          <button class="btn" type="button" [disabled]="busy()" (click)="rotate()">
            <cv-icon name="key-round" /><span i18n="@@rooms.makeCode">Make a code</span>
          </button>
        </div>
      }
    } @else if (answer.error()) {
      <cv-failed-state [error]="answer.error()" (retry)="answer.reload()" />
    } @else {
      <div
        class="skeleton wait"
        role="status"
        i18n-aria-label="@@rooms.loadingCode"
        aria-label="Loading the access code"
      ></div>
    }
  `,
  styles: `
    .code-box {
      padding: var(--space-2) var(--space-3h);
      letter-spacing: 0.06em;
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-2h);
      margin-top: var(--space-2h);
    }
    .wait {
      height: 48px;
    }
    p {
      font-size: 0.9rem;
    }
  `,
})
export class AccessCodeSection {
  readonly slug = input.required<string>();
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);
  protected readonly answer = resource({
    params: () => this.slug(),
    loader: ({ params }): Promise<{ accessCode: string | null }> => this.api.accessCode(params),
  });
  protected readonly known = latest(this.answer);
  protected readonly shown = signal(false);
  protected readonly busy = signal(false);
  protected readonly hidden = computed(() => (this.known()?.accessCode ?? '').replace(/[^-\s]/g, '•'));
  protected readonly showLabel = computed(() =>
    this.shown() ? $localize`:@@rooms.hideCode:Hide access code` : $localize`:@@rooms.showCode:Show access code`,
  );

  protected async rotate(): Promise<void> {
    if (this.known()?.accessCode) {
      const sure = await this.dialogs.confirm({
        title: $localize`:@@rooms.newCodeTitle:Make a new access code?`,
        text: $localize`:@@rooms.newCodeText:The old one stops working at once. People who are inside stay inside.`,
        action: $localize`:@@rooms.newCodeAction:Make a new code`,
        calm: true,
      });
      if (!sure) return;
    }
    await this.run(async () => {
      this.answer.set(await this.api.rotateAccessCode(this.slug()));
      this.shown.set(true);
      this.toasts.say($localize`:@@rooms.newCodeDone:The new access code holds from now on.`);
    });
  }

  protected async remove(): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: $localize`:@@rooms.removeCodeTitle:Remove the access code?`,
      text: $localize`:@@rooms.removeCodeText:Where the door asks for a code, nobody gets in until you make a new one.`,
      action: $localize`:@@rooms.removeCode:Remove code`,
    });
    if (!sure) return;
    await this.run(async () => {
      await this.api.removeAccessCode(this.slug());
      this.answer.set({ accessCode: null });
    });
  }

  private async run(work: () => Promise<void>): Promise<void> {
    this.busy.set(true);
    try {
      await work();
    } catch (error) {
      this.toasts.fail(error);
    } finally {
      this.busy.set(false);
    }
  }
}
