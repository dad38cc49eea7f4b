import { maxLength, schema, validate } from '@angular/forms/signals';

const longestName = 120;

/** What a room may be called, wherever it is typed. */
export const roomName = schema<string>((name) => {
  maxLength(name, longestName);
  validate(name, ({ value }) =>
    value().trim() ? null : { kind: 'missing', message: $localize`:@@rooms.nameMissing:Give the room a name.` },
  );
});
