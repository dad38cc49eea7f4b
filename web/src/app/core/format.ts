/** How numbers and times read. The browser's language decides their shape. */

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** 812 KB, 4.2 MB, 2 GB. Steps of 1,024, one decimal below ten. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  const text = value < 10 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value).toString();
  return `${text} ${UNITS[step]}`;
}

/** 24:18, or 1:04:09. */
export function formatElapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** 10:41 */
export const formatTime = (iso: string): string =>
  new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));

/** 22 December 2026 */
export const formatDate = (iso: string): string =>
  new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(iso));

/** Today, Yesterday, Wednesday, or a date: for the separators of a log. */
export function formatDay(iso: string, now: Date = new Date()): string {
  const days = daysBetween(new Date(iso), now);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (days < 7) return new Intl.DateTimeFormat(undefined, { weekday: 'long' }).format(new Date(iso));
  return formatDate(iso);
}

/** just now, 3 minutes ago, today at 10:41, yesterday, on Wednesday, on 3 May 2026. */
export function formatAgo(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes === 1) return '1 minute ago';
  if (minutes < 60) return `${minutes} minutes ago`;
  const days = daysBetween(at, now);
  if (days <= 0) return `today at ${formatTime(iso)}`;
  if (days === 1) return 'yesterday';
  return `on ${formatDay(iso, now)}`;
}

/** MB from Marta Berg; at most two letters, whole code points. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = [...(words[0] ?? '')][0] ?? '';
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase() || '?';
}

const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const daysBetween = (from: Date, to: Date): number => Math.round((midnight(to) - midnight(from)) / 86_400_000);
