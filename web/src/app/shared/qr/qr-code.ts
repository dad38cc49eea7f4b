import { Component, effect, input, signal } from '@angular/core';

/** A QR code drawn as one path: no canvas, no markup by string. The encoder loads when the first one is shown. */
@Component({
  selector: 'cv-qr-code',
  template: `
    @if (drawing(); as d) {
      <svg [attr.viewBox]="d.box" role="img" [attr.aria-label]="label()" shape-rendering="crispEdges">
        <path [attr.d]="d.path" />
      </svg>
    } @else {
      <span class="skeleton"></span>
    }
  `,
  styles: `
    :host {
      display: grid;
      width: 208px;
      height: 208px;
      padding: var(--space-3);
      border-radius: var(--radius-m);
      background: white;
      border: 1px solid var(--line);
    }
    path {
      fill: oklch(0.24 0.025 265);
    }
  `,
})
export class QrCode {
  readonly text = input.required<string>();
  readonly label = input($localize`:@@shared.qrCode:QR code`);
  protected readonly drawing = signal<{ box: string; path: string } | null>(null);

  constructor() {
    effect(() => void this.draw(this.text()));
  }

  private async draw(text: string): Promise<void> {
    const { default: encoder } = await import('qrcode');
    const { modules } = encoder.create(text, { errorCorrectionLevel: 'M' });
    let path = '';
    for (let y = 0; y < modules.size; y++)
      for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) path += `M${x} ${y}h1v1h-1z`;
    this.drawing.set({ box: `0 0 ${modules.size} ${modules.size}`, path });
  }
}
