import { DomainError } from '@conclave/errors';
import { OperatorError } from '../operator-error.js';
import { scrub } from './scrub.js';

/** The parts of an error that may be written. */
export interface DescribedError {
  readonly name: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly syscall?: string;
  readonly stack?: readonly string[];
  readonly cause?: DescribedError;
}

const NAME = /^[A-Z][A-Za-z]{1,40}(Error|Exception)$/;
const CODE = /^[A-Z0-9_]{2,60}$/;
const IDENTIFIER = /^[a-z_][a-z0-9_$]{0,62}$/;

/** Messages the engine and our frameworks make of code alone: class names and property names, never of data. */
const ENGINE_MESSAGES = [
  /^Cannot (read|set) properties of (undefined|null) \((reading|setting) '[\w$]{1,60}'\)$/,
  /^[A-Za-z_$][\w$.]{0,80} is not (a function|defined|a constructor)$/,
  /^Cannot access '[\w$]+' before initialization$/,
  /^Class constructor \w+ cannot be invoked without 'new'/,
  /^Using global EntityManager instance methods/,
];
/** The same about modules: paths, which the scrubber would take for something opaque. */
const MODULE_MESSAGES = [
  /^The requested module '[\w./@:-]+' does not provide an export named '[\w$]+'$/,
  /^Cannot find (module|package) '[\w./@:-]+'( imported from [\w./@:-]+)?$/,
];
const FRAMEWORK_ERRORS = new Set([
  'UnknownDependenciesException',
  'UndefinedDependencyException',
  'UnknownElementException',
  'UnknownExportException',
  'UndefinedModuleException',
  'UndefinedForwardRefException',
  'InvalidModuleException',
  'InvalidClassModuleException',
  'InvalidClassScopeException',
  'CircularDependencyException',
  'MetadataError',
]);

/**
 * What of an error goes into a log: its name, reason, codes and the frames of its stack. Its message stays out (a
 * database driver quotes values in it, a parser quotes its input) unless the error is one of ours, whose messages hold
 * nothing that a person typed.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { name: `Thrown${typeof error}`.replace(/[^A-Za-z]/g, '') };
  const described = {
    // A class's name is code; `name` is a property that anyone can set.
    name: NAME.test(error.name) ? error.name : error.constructor.name,
    ...messageOf(error),
    ...factsOf(error),
    ...framesOf(error),
  };
  if (error.cause === undefined || depth >= 4) return described;
  return { ...described, cause: describeError(error.cause, depth + 1) };
}

function messageOf(error: Error): { message?: string } {
  if (MODULE_MESSAGES.some((shape) => shape.test(error.message))) return { message: error.message };
  const ours = error instanceof DomainError || error instanceof OperatorError;
  const known =
    FRAMEWORK_ERRORS.has(error.constructor.name) || ENGINE_MESSAGES.some((shape) => shape.test(error.message));
  if (!ours && !known) return {};
  return { message: scrub(error.message.split('\n').join(' | '), 1000) };
}

function factsOf(error: Error): Partial<DescribedError> {
  const given = error as Error & Partial<Record<string, unknown>>;
  const pick = (key: string, shape: RegExp) => {
    const value = given[key];
    return typeof value === 'string' && shape.test(value) && scrub(value) === value ? { [key]: value } : {};
  };
  return {
    ...(error instanceof DomainError && { reason: error.reason }),
    ...pick('code', CODE),
    ...pick('constraint', IDENTIFIER),
    ...pick('table', IDENTIFIER),
    ...pick('syscall', IDENTIFIER),
  };
}

/** Only lines that are frames: the head of `stack` repeats the message, over as many lines as it likes. */
function framesOf(error: Error): { stack?: string[] } {
  const head = `${error.name}: ${error.message}`;
  const stack = error.stack ?? '';
  const body = stack.startsWith(head) ? stack.slice(head.length) : stack.startsWith(error.message) ? '' : stack;
  const frames = body
    .split('\n')
    .map((line) => FRAME.exec(line)?.groups?.['frame'])
    .filter((frame) => frame !== undefined)
    .slice(0, 12)
    .map((frame) => frame.replace(/file:\/\/\S*?\/(node_modules|libs|services|web|deploy)\//g, '$1/'));
  return frames.length > 0 ? { stack: frames } : {};
}

/** `at name (place:line:column)` with a name as code can have it: a message cannot smuggle a sentence in as a frame. */
const FRAME =
  /^ {4}at (?<frame>(?:(?:async |new )?[\w$.<>#]+(?: \[as [\w$.]+\])? )?\(?(?:file:\/\/|node:|\/)[\w$./@+:%-]+:\d+:\d+\)?)$/;
