import {
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
  viewChild,
  type ElementRef,
  type Signal,
} from '@angular/core';
import { form, hidden, validate } from '@angular/forms/signals';
import type { ErrorReason } from '@conclave/errors';
import type { Door } from '../../core/api/api';
import type { ApiProblem } from '../../core/api/problem';
import { formatAgo, formatCount, formatLength } from '../../core/format';
import { Session } from '../../core/session/session';
import { lineFor } from '../../core/words';
import { FORM_PARTS } from '../../shared/field/form-parts';
import { Password } from '../../shared/field/password';
import { stillSo } from '../../shared/field/still-so';
import { Icon } from '../../shared/icon/icon';
import { DevicePicker } from '../../shared/device/device-picker';
import { DoorStore, type EntryWish } from './door-store';
import { caretIn, groupCode } from './group-code';
import { LocalPreview } from './local-preview';
import { VerifiedMark } from '../../shared/person/verified-mark';
import { PreviewStage } from './preview-stage';
import { standingWords } from './standing-words';

/** What the door says beside a field, or by showing one. */
const SAID_AT_FIELDS: ReadonlySet<ErrorReason> = new Set([
  'ACCESS_CODE_WRONG',
  'PERSONAL_TOKEN_WRONG',
  'ACCESS_CODE_REQUIRED',
  'PERSONAL_TOKEN_REQUIRED',
]);

/** The page before the meeting: see and hear yourself, show what the door asks for, join. */
@Component({
  selector: 'cv-prejoin',
  imports: [...FORM_PARTS, DevicePicker, Icon, Password, PreviewStage, VerifiedMark],
  templateUrl: './prejoin.html',
  styleUrl: './prejoin.css',
})
export class Prejoin {
  readonly door = input.required<Door>();

  protected readonly preview = inject(LocalPreview);
  protected readonly store = inject(DoorStore);
  private readonly session = inject(Session);
  private readonly codeInput = viewChild<ElementRef<HTMLInputElement>>('code');
  /** Seconds until another try is allowed. */
  protected readonly wait = signal(0);
  /** Which of the buttons was pressed. */
  protected readonly way = signal<EntryWish['way']>('here');
  /** On a small screen the choice of devices is folded, so that Join stands on the first screen. */
  protected readonly devicesOpen = signal(false);

  protected readonly asksCode = computed(() => this.door().needs.accessCode || this.refusedBy('ACCESS_CODE_REQUIRED'));
  protected readonly asksToken = computed(
    () => this.door().needs.personalToken || this.refusedBy('PERSONAL_TOKEN_REQUIRED'),
  );
  private readonly proofs = signal({ accessCode: '', personalToken: '' });
  /** A wrong proof is told beside its field but does not hold the form back: what is right is the room's to say, each time. */
  protected readonly entry = form(
    this.proofs,
    ({ accessCode, personalToken }) => {
      hidden(accessCode, () => !this.asksCode());
      hidden(personalToken, () => !this.asksToken());
      validate(accessCode, ({ value }) =>
        value().trim() ? null : { kind: 'missing', message: $localize`:@@door.typeCode:Type the access code.` },
      );
      validate(personalToken, ({ value }) =>
        value().trim() ? null : { kind: 'missing', message: $localize`:@@door.pasteToken:Paste your personal token.` },
      );
    },
    { name: 'entry', submission: { action: () => this.enter() } },
  );

  protected readonly blocked = computed(() => this.entry().submitting() || this.wait() > 0);
  protected readonly waiting = computed(() => formatLength(this.wait(), 'second'));
  protected readonly started = computed(() => formatAgo(this.door().meeting?.startedAt ?? ''));
  protected readonly count = formatCount;
  protected readonly standing = computed(() => standingWords(this.door(), this.session.me()?.displayName ?? ''));
  protected readonly noDevice = computed(() =>
    this.preview.opening()
      ? {
          microphone: $localize`:@@door.waitingForBrowser:Waiting for the browser…`,
          camera: $localize`:@@door.waitingForBrowser:Waiting for the browser…`,
        }
      : { microphone: $localize`:@@door.noMicrophone:No microphone`, camera: $localize`:@@door.noCamera:No camera` },
  );
  protected readonly codeError = this.said(
    ({ reason }) => reason === 'ACCESS_CODE_WRONG',
    () => this.proofs().accessCode,
  );
  protected readonly tokenError = this.said(
    ({ reason }) => reason === 'PERSONAL_TOKEN_WRONG',
    () => this.proofs().personalToken,
  );
  protected readonly failure = this.said(({ reason }) => !SAID_AT_FIELDS.has(reason), this.proofs);

  constructor() {
    void this.preview.start();
    effect((onCleanup) => {
      const refusal = this.store.refusal();
      if (refusal?.reason === 'ACCESS_CODE_WRONG') this.codeInput()?.nativeElement.select();
      this.wait.set(refusal?.retryAfterSeconds ?? 0);
      const timer = setInterval(() => this.wait.update((left) => Math.max(0, left - 1)), 1_000);
      onCleanup(() => clearInterval(timer));
    });
  }

  private groupedCode = '';

  /** After the form has taken what was typed. */
  protected groupTyped({ target }: Event): void {
    const field = target as HTMLInputElement;
    const code = this.entry.accessCode().value;
    const before = field.value.slice(0, field.selectionStart ?? undefined);
    this.groupedCode = groupCode(code(), this.groupedCode);
    code.set(this.groupedCode);
    if (field.value === this.groupedCode) return;
    field.value = this.groupedCode;
    const caret = caretIn(this.groupedCode, before);
    field.setSelectionRange(caret, caret);
  }

  private async enter(): Promise<void> {
    if (this.wait() > 0) return;
    const accessCode = this.proofs().accessCode.trim();
    const personalToken = this.proofs().personalToken.trim();
    await this.store.enter({
      way: this.way(),
      ...(accessCode && { accessCode }),
      ...(personalToken && { personalToken }),
    });
  }

  /** The words of a refusal that belongs here, until it is mended. */
  private said(here: (problem: ApiProblem) => boolean, typed: () => unknown): Signal<string> {
    const refusal = stillSo(() => {
      const problem = this.store.refusal();
      return problem && here(problem) ? problem : null;
    }, typed);
    return computed(() => (refusal() === null ? '' : lineFor(refusal())));
  }

  private refusedBy(reason: ErrorReason): boolean {
    return this.store.refusal()?.reason === reason;
  }
}
