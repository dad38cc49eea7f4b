import { pageLanguage, pageRegion } from './locale/page-language';
import { serverDate } from './time/server-clock';

/**
 * How numbers and times read. The language of the page decides their words, the region of the browser their shape. Formatters
 * are made when they are used: making one costs microseconds, and a kept one would keep the language of an earlier test.
 */

/** 1,200 */
export const formatCount = (count: number): string => new Intl.NumberFormat(pageRegion()).format(count);

/** A part or a multiple: 1.4 is 140 %. */
export const formatPercent = (part: number): string =>
  new Intl.NumberFormat(pageRegion(), { style: 'percent', maximumFractionDigits: 0 }).format(part);

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** 812 kB, 4.2 MB, 2 GB. Steps of 1,024, one decimal below ten. */
export function formatBytes(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return new Intl.NumberFormat(pageRegion(), {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step > 0 && value < 10 ? 1 : 0,
  }).format(value);
}

/** 24:18, or 1:04:09. */
export function formatElapsed(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const one = new Intl.NumberFormat(pageRegion(), { useGrouping: false });
  const two = new Intl.NumberFormat(pageRegion(), { minimumIntegerDigits: 2 });
  const rest = `${two.format(minutes)}:${two.format(seconds)}`;
  return hours > 0 ? `${one.format(hours)}:${rest}` : rest;
}

/** A length in words: 1 second, 45 seconds, 2 minutes, 3 hours. */
export function formatLength(value: number, unit: 'second' | 'minute' | 'hour' | 'day'): string {
  return new Intl.NumberFormat(pageRegion(), { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

/** 10:41 */
export const formatTime = (iso: string): string =>
  new Intl.DateTimeFormat(pageRegion(), { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));

/** 22 December 2026 */
export const formatDate = (iso: string): string =>
  new Intl.DateTimeFormat(pageRegion(), { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(iso));

/** Today, Yesterday, Wednesday, or a date: for the separators of a log. */
export function formatDay(iso: string, now: Date = serverDate()): string {
  const days = daysBetween(new Date(iso), now);
  if (days < 2) return capital(relative().format(-Math.max(0, days), 'day'));
  if (days < 7) return weekday(iso);
  return formatDate(iso);
}

/** just now, 3 minutes ago, today at 10:41, yesterday, on Wednesday, on 3 May 2026. */
export function formatAgo(iso: string, now: Date = serverDate()): string {
  const at = new Date(iso);
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return $localize`:@@time.justNow:just now`;
  if (minutes < 60) return new Intl.RelativeTimeFormat(pageRegion()).format(-minutes, 'minute');
  const days = daysBetween(at, now);
  if (days <= 0) return $localize`:@@time.todayAt:today at ${formatTime(iso)}:TIME:`;
  if (days === 1) return relative().format(-1, 'day');
  if (days < 7) return $localize`:@@time.onWeekday:on ${weekday(iso)}:WEEKDAY:`;
  return $localize`:@@time.onDate:on ${formatDate(iso)}:DATE:`;
}

/** Facts in a row, joined as the language joins them: Marta Berg, muted, camera off. */
export const formatFacts = (facts: readonly string[]): string =>
  new Intl.ListFormat(pageRegion(), { type: 'unit', style: 'short' }).format(facts);

/** MB from Marta Berg; at most two letters, each whole as a reader sees it: with its marks, its joiners, its skin. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = firstGrapheme(words[0] ?? '');
  const last = words.length > 1 ? firstGrapheme(words.at(-1) ?? '') : '';
  return (first + last).toLocaleUpperCase(pageLanguage()) || '?';
}

function firstGrapheme(word: string): string {
  const [first] = new Intl.Segmenter(pageLanguage(), { granularity: 'grapheme' }).segment(word);
  return first?.segment ?? '';
}

/** Somebody else's words within a text that is seen: their direction stays their own (FSI, PDI). In templates a `<bdi>` does it. */
export const isolated = (text: string): string => `\u2068${text}\u2069`;

/** "yesterday" where the language has a word for it. */
const relative = () => new Intl.RelativeTimeFormat(pageRegion(), { numeric: 'auto' });
const weekday = (iso: string): string =>
  new Intl.DateTimeFormat(pageRegion(), { weekday: 'long' }).format(new Date(iso));
const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(pageLanguage()) + text.slice(1);
const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
const daysBetween = (from: Date, to: Date): number => Math.round((midnight(to) - midnight(from)) / 86_400_000);
