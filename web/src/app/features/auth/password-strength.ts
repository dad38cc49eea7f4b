import { Component, computed, input } from '@angular/core';

/** 0 none, 1 too short, 2 fair, 3 good, 4 strong. A hint, not a gate: the server decides. */
export function strengthOf(password: string): 0 | 1 | 2 | 3 | 4 {
  const length = [...password].length;
  if (length === 0) return 0;
  const different = new Set(password.toLowerCase()).size;
  if (length < 8 || different < 4) return 1;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const score = length + 2 * (kinds - 1) + (different >= 8 ? 2 : 0);
  if (score < 13) return 2;
  return score < 18 ? 3 : 4;
}

const WORDS = [
  $localize`:@@auth.strength.none:At least 8 characters, longer is better.`,
  $localize`:@@auth.strength.weak:Too short or too simple.`,
  $localize`:@@auth.strength.fair:Fair. Longer is better.`,
  $localize`:@@auth.strength.good:Good.`,
  $localize`:@@auth.strength.strong:Strong.`,
] as const;

@Component({
  selector: 'cv-password-strength',
  template: `
    <span class="meter" aria-hidden="true"><i [style.width.%]="level() * 25" [class]="'level-' + level()"></i></span>
    <span role="status">{{ words() }}</span>
  `,
  styles: `
    :host {
      display: flex;
      gap: var(--space-2h);
      align-items: center;
      margin-top: var(--space-2);
      font-size: var(--text-xs);
      color: var(--ink-2);
    }
    .meter {
      flex: 0 0 96px;
      height: 4px;
      border-radius: 4px;
      background: var(--line);
      overflow: hidden;
    }
    i {
      display: block;
      height: 100%;
      border-radius: 4px;
      background: var(--accent);
      transition: width var(--calm) var(--ease);
    }
    .level-1 {
      background: var(--danger);
    }
    .level-2 {
      background: var(--warn);
    }
  `,
})
export class PasswordStrength {
  readonly password = input('');
  protected readonly level = computed(() => strengthOf(this.password()));
  protected readonly words = computed(() => WORDS[this.level()]);
}
