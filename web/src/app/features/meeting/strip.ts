import type { Box } from './grid-shape';

/** The people beside or below what is presented. */
export interface Strip {
  /** Below where the stage is not wide enough to give some of its width away. */
  readonly below: boolean;
  /** Its width where it stands, its height where it lies. */
  readonly thickness: number;
  /** How many fit on a page. */
  readonly places: number;
  readonly tile: Box;
}

/** What the buttons that turn pages take of the height, in pixels. */
export const PAGER = 52;
const GAP = 10;
/** A name still has room below this many pixels of a tile. */
const NARROWEST = 112;

/** Pages are turned inside the strip: the buttons never lie on what is presented. */
export function stripOf({ width, height }: Box, people: number): Strip {
  const below = width < height * 1.25;
  const picture = 16 / 9;
  if (below) {
    const fit = Math.max(1, Math.floor((width + GAP) / (NARROWEST + GAP)));
    const places = Math.min(fit, 8);
    const tileWidth = Math.min(200, Math.floor((width - GAP * (places - 1)) / places));
    const tile = { width: tileWidth, height: Math.floor(tileWidth / picture) };
    return { below, thickness: tile.height + (people > places ? PAGER : 0), places, tile };
  }
  const thickness = Math.round(Math.min(208, Math.max(136, width * 0.16)));
  const tile = { width: thickness, height: Math.floor(thickness / picture) };
  const fit = (room: number) => Math.max(1, Math.floor((room + GAP) / (tile.height + GAP)));
  return { below, thickness, places: people > fit(height) ? fit(height - PAGER) : fit(height), tile };
}
