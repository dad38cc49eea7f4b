import { Component, computed, effect, inject, input, output, signal, viewChild, type ElementRef } from '@angular/core';
import type { ApiProblem } from '../../core/api/problem';
import type { Door } from '../../core/api/types';
import { formatAgo } from '../../core/format';
import { Session } from '../../core/session/session';
import { lineFor } from '../../core/words';
import { Field, FieldInput } from '../../shared/field/field';
import { Password } from '../../shared/field/password';
import { Icon } from '../../shared/icon/icon';
import { DevicePicker } from './device-picker';
import { groupCode } from './group-code';
import { LocalPreview } from './local-preview';
import { PreviewStage } from './preview-stage';
import { standingWords } from './standing-words';

/** What the person brings to the door. */
export interface EntryWish {
  readonly accessCode?: string;
  readonly personalToken?: string;
  readonly withCamera: boolean;
}

/** The page before the meeting: see and hear yourself, show what the door asks for, join. */
@Component({
  selector: 'cv-prejoin',
  imports: [DevicePicker, Field, FieldInput, Icon, Password, PreviewStage],
  templateUrl: './prejoin.html',
  styleUrl: './prejoin.css',
})
export class Prejoin {
  readonly door = input.required<Door>();
  readonly joining = input(false);
  readonly refusal = input<ApiProblem | null>(null);
  readonly join = output<EntryWish>();

  protected readonly preview = inject(LocalPreview);
  protected readonly accessCode = signal('');
  protected readonly personalToken = signal('');
  protected readonly codeMissing = signal(false);
  protected readonly tokenMissing = signal(false);
  /** Seconds until another try is allowed. */
  protected readonly wait = signal(0);
  private readonly session = inject(Session);
  private readonly codeInput = viewChild<ElementRef<HTMLInputElement>>('code');

  protected readonly asksCode = computed(
    () => this.door().needs.accessCode || this.reason() === 'ACCESS_CODE_REQUIRED',
  );
  protected readonly asksToken = computed(
    () => this.door().needs.personalToken || this.reason() === 'PERSONAL_TOKEN_REQUIRED',
  );
  protected readonly host = computed(() => {
    const { host, meeting } = this.door();
    const by = host ? `Hosted by ${host.displayName}.` : '';
    if (!meeting) return `${by} Nobody is inside yet.`.trim();
    return `${by} Started ${formatAgo(meeting.startedAt)}, ${meeting.participantCount} inside.`.trim();
  });
  protected readonly standing = computed(() => standingWords(this.door(), this.session.me()?.displayName ?? ''));
  protected readonly codeError = computed(() =>
    this.codeMissing()
      ? 'Type the access code.'
      : this.reason().startsWith('ACCESS_CODE_WRONG')
        ? lineFor(this.refusal())
        : '',
  );
  protected readonly tokenError = computed(() =>
    this.tokenMissing()
      ? 'Paste your personal token.'
      : this.reason() === 'PERSONAL_TOKEN_WRONG'
        ? lineFor(this.refusal())
        : '',
  );
  protected readonly failure = computed(() => {
    const shownElsewhere = [
      '',
      'ACCESS_CODE_WRONG',
      'PERSONAL_TOKEN_WRONG',
      'ACCESS_CODE_REQUIRED',
      'PERSONAL_TOKEN_REQUIRED',
    ];
    return shownElsewhere.includes(this.reason()) ? '' : lineFor(this.refusal());
  });
  protected readonly joinWords = computed(() =>
    this.joining() ? 'Joining…' : this.wait() > 0 ? `Try again in ${this.wait()} s` : 'Join the meeting',
  );

  constructor() {
    void this.preview.start();
    effect((onCleanup) => {
      const refusal = this.refusal();
      if (refusal?.reason === 'ACCESS_CODE_WRONG') this.codeInput()?.nativeElement.select();
      this.wait.set(refusal?.retryAfterSeconds ?? 0);
      const timer = setInterval(() => this.wait.update((left) => Math.max(0, left - 1)), 1_000);
      onCleanup(() => clearInterval(timer));
    });
  }

  protected typeCode(element: HTMLInputElement): void {
    this.codeMissing.set(false);
    const grouped = groupCode(element.value, this.accessCode());
    this.accessCode.set(grouped);
    element.value = grouped;
  }

  protected submit(withCamera: boolean): void {
    const accessCode = this.accessCode().trim();
    const personalToken = this.personalToken().trim();
    this.codeMissing.set(this.asksCode() && !accessCode);
    this.tokenMissing.set(this.asksToken() && !personalToken);
    if (this.codeMissing() || this.tokenMissing() || this.joining() || this.wait() > 0) return;
    this.join.emit({ withCamera, ...(accessCode && { accessCode }), ...(personalToken && { personalToken }) });
  }

  private reason(): string {
    return this.refusal()?.reason ?? '';
  }
}
