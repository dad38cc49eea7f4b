import { FormField, FormRoot } from '@angular/forms/signals';
import { Asked } from './asked';
import { Field, FieldInput } from './field';
import { Refused } from './refused';

/** What the template of a form imports. */
export const FORM_PARTS = [Asked, Field, FieldInput, FormField, FormRoot, Refused] as const;
