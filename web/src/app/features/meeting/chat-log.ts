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
