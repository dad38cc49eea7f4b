import { Component, input, model } from '@angular/core';
import type { FormValueControl } from '@angular/forms/signals';
import type { AccessLevel } from '../../core/api/api';
import { ACCESS_LEVELS, ACCESS_WORDS } from '../../core/room-words';

/** Who may enter: the four levels as radio cards; a control of signal forms. */
@Component({
  selector: 'cv-access-level-choice',
  template: `
    <fieldset [disabled]="disabled()">
      <legend i18n="@@rooms.whoMayEnter">Who may enter</legend>
      <div class="options">
        @for (level of levels; track level) {
          <label class="check" [class.chosen]="value() === level">
            <input
              type="radio"
              [name]="group"
              [value]="level"
              [checked]="value() === level"
              (change)="value.set(level)"
            />
            <span
              ><b>{{ words[level].label }}</b
              ><small>{{ words[level].hint }}</small></span
            >
          </label>
        }
      </div>
    </fieldset>
  `,
  styles: `
    legend {
      font-size: var(--text-sm);
      font-weight: 560;
      margin-bottom: var(--space-1h);
      padding: 0;
    }
    .options {
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      overflow: hidden;
    }
    .check {
      padding: var(--space-2h) var(--space-3h);
      border-top: 1px solid var(--line);
      line-height: 1.35;
    }
    .check:first-child {
      border-top: 0;
    }
    .chosen {
      background: var(--accent-soft);
    }
    b {
      display: block;
      font-weight: 560;
    }
    small {
      color: var(--ink-2);
      font-size: var(--text-sm);
    }
  `,
})
export class AccessLevelChoice implements FormValueControl<AccessLevel> {
  readonly value = model.required<AccessLevel>();
  readonly disabled = input(false);
  protected readonly levels = ACCESS_LEVELS;
  protected readonly words = ACCESS_WORDS;
  protected readonly group = `access-level-${crypto.randomUUID()}`;
}
