import type { Dispatcher } from 'undici';
import { StoreRefusal } from './store-refusal.js';

/** A short answer, read to its end. */
export const textOf = (response: Dispatcher.ResponseData): Promise<string> =>
  response.body.text().catch((cause: unknown) => {
    throw new StoreRefusal('object store broke off its answer', true, cause);
  });

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi,
    (_, hex?: string, decimal?: string, name?: string) =>
      name ? (named[name] ?? '') : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)),
  );

/** What stands in the first element of this name that holds no others; empty where there is none. */
export const element = (text: string, name: string): string =>
  unescaped(new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '');

/** Every element of this name, with the elements in it. */
export const elements = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, inside = '']) => inside);
