import { Component, input, output, signal } from '@angular/core';
import { CopyButton } from '../copy/copy-button';
import { Icon } from '../icon/icon';
import { QrCode } from '../qr/qr-code';
import { saveText } from './save-text';

/** Shows a personal token the one time it exists, and lets nobody pass before they say that it is stored. */
@Component({
  selector: 'cv-personal-token-card',
  imports: [CopyButton, Icon, QrCode],
  template: `
    <section class="card" aria-labelledby="token-title">
      <span class="seal"><cv-icon name="lock" /></span>
      <h1 id="token-title">Your personal token</h1>
      <p class="muted">
        It proves you are you: at doors that ask for it, and in programs you connect. It is shown once. We keep only a
        fingerprint of it.
      </p>
      <code class="code-box" aria-label="Personal token">{{ token() }}</code>
      <div class="row">
        <cv-copy-button [text]="token()" />
        <button type="button" class="btn" (click)="save()"><cv-icon name="download" />Save</button>
        <button type="button" class="btn" [attr.aria-expanded]="qr()" (click)="qr.set(!qr())">
          <cv-icon name="qr-code" />QR
        </button>
      </div>
      @if (qr()) {
        <div class="qr">
          <cv-qr-code [text]="token()" label="QR code of your personal token" />
          <p class="muted">Scan it with the device that should hold it. Nobody else should see it.</p>
        </div>
      }
      <label class="check">
        <input type="checkbox" [checked]="kept()" (change)="kept.set($any($event.target).checked)" />
        I have stored it safely
      </label>
      <button type="button" class="btn primary wide" [disabled]="!kept()" (click)="stored.emit()">Continue</button>
    </section>
  `,
  styles: `
    .card {
      padding: 28px;
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
      margin: 16px 0 6px;
    }
    p {
      font-size: 0.9rem;
    }
    .code-box {
      margin: 18px 0;
    }
    .row {
      display: grid;
      grid-template-columns: repeat(3, 1fr);
      gap: 10px;
    }
    .row .btn,
    .row ::ng-deep .btn {
      padding-inline: 8px;
    }
    .qr {
      display: grid;
      justify-items: center;
      gap: 10px;
      margin-top: 16px;
      text-align: center;
      animation: arrive var(--calm) var(--ease);
    }
    .check {
      margin: 14px 0 12px;
    }
    @media (max-width: 480px) {
      .card {
        padding: 20px;
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

  protected save(): void {
    const lines = ['Conclave personal token', `For: ${this.owner()}`, `At: ${location.origin}`, '', this.token(), ''];
    saveText('conclave-personal-token.txt', lines.join('\n'));
  }
}
