import type { IncomingHttpHeaders } from 'node:http';
import { HttpRefusal } from '../../http/problem.js';

/** What tells one state of a representation from another. */
export interface Validators {
  /** A strong entity tag, in its quotes. */
  readonly tag: string;
  /** In whole seconds. */
  readonly modifiedAt: Date;
}

/** Validators of something that is written once: its id says which it is, for as long as it is. */
export const validatorsOf = (id: string, writtenAt: Date): Validators => ({
  tag: `"${id}"`,
  modifiedAt: new Date(Math.floor(writtenAt.getTime() / 1000) * 1000),
});

/**
 * Judges the conditions of a GET or HEAD in the order of RFC 9110, 13.2.2; whether it is answered 304.
 *
 * @throws HttpRefusal 412 where one does not hold
 */
export function isUnchanged(headers: IncomingHttpHeaders, { tag, modifiedAt }: Validators): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined) {
    if (!names(match, tag, 'strongly')) throw failed('If-Match');
  } else {
    const until = dateIn(headers['if-unmodified-since']);
    if (until && modifiedAt > until) throw failed('If-Unmodified-Since');
  }
  if (noneMatch !== undefined) return names(noneMatch, tag, 'weakly');
  const since = dateIn(headers['if-modified-since']);
  return since !== undefined && modifiedAt <= since;
}

/** The Range to ask for; one that was made for another state is none (13.1.5), and so is one that is too long to be meant. */
export function rangeOf(headers: IncomingHttpHeaders, { tag, modifiedAt }: Validators): string | undefined {
  const { range, 'if-range': condition } = headers;
  if (typeof range !== 'string' || range.length > longestRange) return undefined;
  if (condition === undefined || condition === tag) return range;
  // A date holds only exactly; what is written once changes no second time within its second.
  return dateIn(String(condition))?.getTime() === modifiedAt.getTime() ? range : undefined;
}

const longestRange = 512;

const failed = (field: string): HttpRefusal => new HttpRefusal(412, 'CONFLICT', { field });

/** Whether a list of entity tags names this one. What is no such list names nothing. */
function names(list: string, tag: string, how: 'strongly' | 'weakly'): boolean {
  if (list.trim() === '*') return true;
  const element = /^[ \t]*(W\/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)/;
  for (let rest = list; rest !== '';) {
    const [all, weak, named] = element.exec(rest) ?? [];
    if (all === undefined) return false;
    if (named === tag && (how === 'weakly' || weak === undefined)) return true;
    rest = rest.slice(all.length);
  }
  return false;
}

const day = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const time = '\\d\\d:\\d\\d:\\d\\d';
/** As everybody writes it, and the two forms of old that must still be read (5.6.7). */
const forms = [
  new RegExp(`^${day}, \\d\\d ${month} \\d{4} ${time} GMT$`),
  new RegExp(`^${day}[a-z]{3,6}, \\d\\d-${month}-\\d\\d ${time} GMT$`),
  new RegExp(`^${day} ${month} [ \\d]\\d ${time} \\d{4}$`),
];

/** A date of HTTP; undefined where it is none, which is as if it was not there. */
function dateIn(text: string | undefined): Date | undefined {
  if (text === undefined || !forms.some((form) => form.test(text))) return undefined;
  const date = new Date(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
