import type { Message } from '../../core/api/api';
import { formatDay } from '../../core/format';
import { serverDate } from '../../core/time/server-clock';

/** Messages of one person within a few minutes, told once by name. */
export interface ChatGroup {
  readonly id: string;
  /** Set when a new day begins here. */
  readonly day: string | null;
  /** True where the unread ones begin. */
  readonly isNew: boolean;
  readonly author: Message['author'];
  readonly sentAt: string;
  readonly messages: readonly Message[];
}

const TOGETHER_MS = 5 * 60_000;

/** Lays out a log: day separators, the new marker, one head for what somebody says in a row. */
export function groupMessages(
  messages: readonly Message[],
  newFrom: string | null,
  now = serverDate(),
): readonly ChatGroup[] {
  const groups: ChatGroup[] = [];
  let previous: Message | null = null;
  for (const message of messages) {
    const day: string = formatDay(message.sentAt, now);
    const newDay = previous === null || formatDay(previous.sentAt, now) !== day;
    const isNew = message.id === newFrom;
    const last = groups.at(-1);
    const together =
      last &&
      previous &&
      !newDay &&
      !isNew &&
      last.author.id === message.author.id &&
      Date.parse(message.sentAt) - Date.parse(previous.sentAt) < TOGETHER_MS;
    if (together) groups[groups.length - 1] = { ...last, messages: [...last.messages, message] };
    else
      groups.push({
        id: message.id,
        day: newDay ? day : null,
        isNew,
        author: message.author,
        sentAt: message.sentAt,
        messages: [message],
      });
    previous = message;
  }
  return groups;
}

/** A piece of a message: text, or a link. */
export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

const LINK = /\bhttps?:\/\/[^\s<>"'`]+/giu;
const TRAILING = /[.,;:!?)\]}»”’]+$/u;

/** Finds the links in a message. Only http and https, only what the URL parser accepts; the shown text is the address itself. */
export function linkParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[0].replace(TRAILING, '');
    const url = URL.parse(shown);
    // user@host in an address only serves to deceive.
    if (!url || url.username || url.password) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), href: null });
    parts.push({ text: shown, href: url.href });
    at = match.index + shown.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), href: null });
  return parts;
}
