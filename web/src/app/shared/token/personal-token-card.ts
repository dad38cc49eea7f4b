import { Component, inject, input, output, signal } from '@angular/core';
import { CopyButton } from '../copy/copy-button';
import { Icon } from '../icon/icon';
import { Leaving } from '../leaving/leaving';
import { QrCode } from '../qr/qr-code';
import { saveText } from './save-text';

/** Shows a personal token the one time it exists, and lets nobody pass before they say that it is stored. */
@Component({
  selector: 'cv-personal-token-card',
  imports: [CopyButton, Icon, QrCode],
  template: `
    <section class="card" aria-labelledby="token-title">
      <span class="seal"><cv-icon name="lock" /></span>
      <h1 id="token-title" i18n="@@token.title">Your personal token</h1>
      <p class="muted" i18n="@@token.text">
        It proves you are you: at doors that ask for it, and in programs you connect. It is shown once. We keep only a
        fingerprint of it.
      </p>
      <code class="code-box" aria-label="Personal token" i18n-aria-label="@@token.code">{{ token() }}</code>
      <div class="row">
        <cv-copy-button [text]="token()" />
        <button type="button" class="btn" (click)="save()">
          <cv-icon name="download" /><span i18n="@@token.save">Save</span>
        </button>
        <button type="button" class="btn" [attr.aria-expanded]="qr()" (click)="qr.set(!qr())">
          <cv-icon name="qr-code" /><span i18n="@@token.qr">QR</span>
        </button>
      </div>
      @if (qr()) {
        <div class="qr">
          <cv-qr-code [text]="token()" label="QR code of your personal token" i18n-label="@@token.qrLabel" />
          <p class="muted" i18n="@@token.qrText">
            Scan it with the device that should hold it. Nobody else should see it.
          </p>
        </div>
      }
      <label class="check">
        <input type="checkbox" [checked]="kept()" (change)="kept.set($any($event.target).checked)" />
        <span i18n="@@token.stored">I have stored it safely</span>
      </label>
      <button
        type="button"
        class="btn primary wide"
        [disabled]="!kept()"
        (click)="stored.emit()"
        i18n="@@token.continue"
      >
        Continue
      </button>
    </section>
  `,
  styles: `
    .card {
      padding: var(--space-6);
      animation: arrive var(--calm) var(--ease);
    }
    .seal {
      display: grid;
      place-items: center;
      width: 46px;
      height: 46px;
      border-radius: 14px;
      background: var(--sealed-soft);
      color: var(--sealed);
    }
    h1 {
      font-size: var(--text-xl);
      margin: var(--space-4) 0 var(--space-1h);
    }
    p {
      font-size: 0.9rem;
    }
    .code-box {
      margin: var(--space-4) 0;
    }
    .row {
      display: grid;
      grid-template-columns: repeat(3, 1fr);
      gap: var(--space-2h);
    }
    .row .btn,
    .row ::ng-deep .btn {
      padding-inline: var(--space-2);
    }
    .qr {
      display: grid;
      justify-items: center;
      gap: var(--space-2h);
      margin-top: var(--space-4);
      text-align: center;
      animation: arrive var(--calm) var(--ease);
    }
    .check {
      margin: var(--space-3h) 0 var(--space-3);
    }
    @media (max-width: 480px) {
      .card {
        padding: var(--space-5);
      }
    }
  `,
})
export class PersonalTokenCard {
  readonly token = input.required<string>();
  /** Whose it is, so that the saved file can be told from others. */
  readonly owner = input('');
  readonly stored = output();
  protected readonly qr = signal(false);
  protected readonly kept = signal(false);

  constructor() {
    inject(Leaving).hold('lost', () =>
      this.kept()
        ? null
        : $localize`:@@leaving.token:Your personal token is shown this once, and you have not said that it is stored.`,
    );
  }

  protected save(): void {
    const lines = [
      $localize`:@@token.file.title:Conclave personal token`,
      $localize`:@@token.file.owner:For: ${this.owner()}:OWNER:`,
      $localize`:@@token.file.place:At: ${location.origin}:ADDRESS:`,
      '',
      this.token(),
      '',
    ];
    saveText('conclave-personal-token.txt', lines.join('\n'));
  }
}
