import {
  create,
  createRegistry,
  getOption,
  type DescField,
  type DescMessage,
  type MessageShape,
} from '@bufbuild/protobuf';
import type { Path } from '@bufbuild/protobuf/reflect';
import { createValidator } from '@bufbuild/protovalidate';
import { invalidArgument } from '@conclave/errors';
import { zero_means } from './common.js';
import { file_conclave_common_v1_rules } from './gen/conclave/common/v1/rules_pb.js';

const compiled = new Map<string, RegExp>();

/** Patterns come from the contract alone and are few and linear, so the platform's own engine serves, at a tenth of RE2's time. */
function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) compiled.set(pattern, (expression = new RegExp(pattern, 'u')));
  return expression.test(text);
}

const validator = createValidator({
  registry: createRegistry(file_conclave_common_v1_rules),
  failFast: true,
  regexMatch: matches,
});

/** Holds messages to the rules of their fields. @throws DomainError INVALID_ARGUMENT with the first field that does not fit */
export type MessageCheck<Desc extends DescMessage = DescMessage> = (message: MessageShape<Desc>) => void;

/**
 * The check for one kind of message. The rules are compiled here, so that no first call pays for it; rules that make no sense
 * stop whoever asks for the check.
 */
export function messageCheck<Desc extends DescMessage>(schema: Desc): MessageCheck<Desc> {
  const trial = validator.validate(schema, create(schema));
  if (trial.kind === 'error') throw trial.error;
  return (message) => {
    const result = validator.validate(schema, message);
    if (result.kind === 'error') throw result.error;
    if (result.kind === 'invalid') throw invalidArgument(nameOf(result.violations[0]?.field ?? []));
  };
}

/** `settings.askPersonalToken`, `ids.3`; what a rule says of the whole message is about its `body`. Keys were typed by the client and are not repeated. */
function nameOf(path: Path): string {
  const words = path.flatMap((part) => {
    if (part.kind === 'field') return part.jsonName;
    return part.kind === 'list_sub' ? String(part.index) : [];
  });
  return words.join('.') || 'body';
}

/** What 0 stands for in a number of a request; undefined where it is a number like any other. */
export const zeroMeans = (field: DescField): number | undefined => getOption(field, zero_means) || undefined;

/** Fills in what 0 stands for, such as the usual size of a page: a handler never meets the 0. */
export function zeroFiller<Desc extends DescMessage>(schema: Desc): (message: MessageShape<Desc>) => void {
  const meant = schema.fields.flatMap((field) => {
    const value = zeroMeans(field);
    return value === undefined ? [] : [[field.localName, value] as const];
  });
  return (message) => {
    const numbers = message as unknown as Record<string, number>;
    for (const [name, value] of meant) numbers[name] ||= value;
  };
}
