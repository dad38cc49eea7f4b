import type { Box } from './grid-shape';

/** How a presented screen is looked at: magnified, and moved by pixels from the middle. */
export interface Look {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export const WHOLE: Look = { scale: 1, x: 0, y: 0 };
export const MOST = 6;

/** Magnifies so that what lies under `point` (pixels from the middle) stays under it. */
export function zoomAt(look: Look, scale: number, point: { readonly x: number; readonly y: number }, box: Box): Look {
  const next = Math.min(MOST, Math.max(1, scale));
  const by = next / look.scale;
  return within({ scale: next, x: point.x - (point.x - look.x) * by, y: point.y - (point.y - look.y) * by }, box);
}

/** Moves what is seen. */
export const pan = (look: Look, dx: number, dy: number, box: Box): Look =>
  within({ ...look, x: look.x + dx, y: look.y + dy }, box);

/** No edge of the screen comes inside the window that shows it. */
function within({ scale, x, y }: Look, { width, height }: Box): Look {
  const clamp = (value: number, most: number) => Math.min(most, Math.max(-most, value)) || 0;
  return { scale, x: clamp(x, ((scale - 1) * width) / 2), y: clamp(y, ((scale - 1) * height) / 2) };
}
