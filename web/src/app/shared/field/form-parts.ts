import { FormField, FormRoot } from '@angular/forms/signals';
import { Asked } from './asked';
import { Field, FieldInput } from './field';

/** What the template of a form imports. */
export const FORM_PARTS = [Asked, Field, FieldInput, FormField, FormRoot] as const;
