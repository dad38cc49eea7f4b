import { Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { Api } from '../../core/api/api';
import { CopyButton } from '../../shared/copy/copy-button';
import { Dialogs } from '../../shared/dialog/dialogs';
import { Icon } from '../../shared/icon/icon';
import { FailedState } from '../../shared/states/failed-state';
import { loaded } from '../../shared/states/resource';
import { Toasts } from '../../shared/toast/toasts';

/** The room's access code: read, renew, remove. */
@Component({
  selector: 'cv-access-code-section',
  imports: [CopyButton, FailedState, Icon],
  template: `
    <div>
      <b class="label">Access code</b>
      @if (state.value(); as value) {
        @if (value.accessCode; as code) {
          <div class="line">
            <code class="code-box" aria-label="Access code">{{ shown() ? code : hidden() }}</code>
            <button
              class="icon-btn"
              type="button"
              [attr.aria-label]="shown() ? 'Hide access code' : 'Show access code'"
              (click)="shown.set(!shown())"
            >
              <cv-icon [name]="shown() ? 'eye-off' : 'eye'" />
            </button>
            <cv-copy-button [text]="code" name="Copy access code" i18n-name="@@rooms.copy.code" />
          </div>
          <div class="acts">
            <button class="btn" type="button" [disabled]="busy()" (click)="rotate()">
              <cv-icon name="refresh-cw" />New code
            </button>
            <button class="btn danger-quiet" type="button" [disabled]="busy()" (click)="remove()">Remove code</button>
          </div>
        } @else {
          <p class="muted">There is no access code. Where the door asks for one, nobody gets in by code.</p>
          <div class="acts">
            <button class="btn" type="button" [disabled]="busy()" (click)="rotate()">
              <cv-icon name="key-round" />Make a code
            </button>
          </div>
        }
      } @else if (state.error()) {
        <cv-failed-state [error]="state.error()" (retry)="state.load()" />
      } @else {
        <div class="skeleton wait" aria-label="Loading the access code"></div>
      }
    </div>
  `,
  styles: `
    .label {
      display: block;
      font-size: var(--text-sm);
      font-weight: 560;
      margin-bottom: 6px;
    }
    .line {
      display: flex;
      gap: 4px;
      align-items: center;
    }
    .code-box {
      flex: 1;
      padding: 9px 14px;
      letter-spacing: 0.06em;
    }
    .acts {
      display: flex;
      flex-wrap: wrap;
      gap: 10px;
      margin-top: 10px;
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
  protected readonly state = loaded(() => this.api.accessCode(this.slug()));
  protected readonly shown = signal(false);
  protected readonly busy = signal(false);
  protected readonly hidden = computed(() => (this.state.value()?.accessCode ?? '').replace(/[^-\s]/g, '•'));
  private readonly api = inject(Api);
  private readonly dialogs = inject(Dialogs);
  private readonly toasts = inject(Toasts);

  constructor() {
    effect(() => {
      this.slug();
      untracked(() => void this.state.load());
    });
  }

  protected async rotate(): Promise<void> {
    if (this.state.value()?.accessCode) {
      const sure = await this.dialogs.confirm({
        title: 'Make a new access code?',
        text: 'The old one stops working at once. People who are inside stay inside.',
        action: 'Make a new code',
        calm: true,
      });
      if (!sure) return;
    }
    await this.run(async () => {
      this.state.set(await this.api.rotateAccessCode(this.slug()));
      this.shown.set(true);
      this.toasts.say('The new access code holds from now on.');
    });
  }

  protected async remove(): Promise<void> {
    const sure = await this.dialogs.confirm({
      title: 'Remove the access code?',
      text: 'Where the door asks for a code, nobody gets in until you make a new one.',
      action: 'Remove code',
    });
    if (!sure) return;
    await this.run(async () => {
      await this.api.removeAccessCode(this.slug());
      this.state.set({ accessCode: null });
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
