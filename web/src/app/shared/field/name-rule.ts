import { maxLength, schema, validate } from '@angular/forms/signals';
import { isVisible, visibleName } from '@conclave/contracts/visible';

/** What a name may be, wherever one is typed: the rule that the server has. `missing` is said where nothing of it is to be seen. */
export const nameRule = (longest: number, missing: string) =>
  schema<string>((name) => {
    maxLength(name, longest);
    validate(name, ({ value }) => {
      if (!isVisible(value())) return { kind: 'missing', message: missing };
      if (visibleName(value()) !== null) return null;
      return {
        kind: 'hidden',
        message: $localize`:@@shared.nameHidden:Something in this name cannot be seen. Delete the name, and type it anew.`,
      };
    });
  });
