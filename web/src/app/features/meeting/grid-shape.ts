export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

/** In whole pixels. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

/** How most of the pictures stand: cameras of computers lie, those of phones may be held upright. */
export type Posture = 'lying' | 'standing';

/** Of a picture no more than this is cut away, on both sides together: a face stays whole. */
export const MOST_CUT = 0.1;

/** Width by height of a tile, at least and at most: the usual pictures (16:9 lying, 3:4 and 9:16 standing) lose no more than a tenth. */
export const TILE_BOUNDS: Record<Posture, { readonly least: number; readonly most: number }> = {
  lying: { least: 1.6, most: 16 / 9 },
  standing: { least: 0.6, most: 0.8 },
};

/** The largest tile of which `columns` by `rows` stand in this room. It keeps the shape of a picture; what is left over stays free. */
export function tileSize({ columns, rows }: GridShape, room: Box, gap: number, posture: Posture = 'lying'): Box {
  const width = Math.max(0, (room.width - gap * (columns - 1)) / columns);
  const height = Math.max(0, (room.height - gap * (rows - 1)) / rows);
  const { least, most } = TILE_BOUNDS[posture];
  if (width > height * most) return { width: Math.floor(height * most), height: Math.floor(height) };
  if (width < height * least) return { width: Math.floor(width), height: Math.floor(width / least) };
  return { width: Math.floor(width), height: Math.floor(height) };
}

/** Rows are saved where tiles lose no more than this of the largest possible: wide rows are calmer to look at than a high pile. */
const ENOUGH = 0.75;

/** The columns and rows in which `count` tiles are large: of all shapes with nearly the largest tiles, the one with the fewest rows. */
export function gridShape(count: number, room: Box, gap: number, posture: Posture = 'lying'): GridShape {
  const shapes = Array.from({ length: Math.max(1, count) }, (_none, index) => {
    const shape = { columns: index + 1, rows: Math.ceil(count / (index + 1)) || 1 };
    const { width, height } = tileSize(shape, room, gap, posture);
    return { shape, area: width * height };
  });
  const enough = ENOUGH * Math.max(...shapes.map(({ area }) => area));
  const large = shapes.filter(({ area }) => area >= enough);
  const rows = Math.min(...large.map(({ shape }) => shape.rows));
  return large.filter(({ shape }) => shape.rows === rows).reduce((best, one) => (one.area > best.area ? one : best))
    .shape;
}

/** Whether a picture may fill its tile, or must be shown whole because too much of it would be cut away. */
export function fills(picture: number, tile: number): boolean {
  if (!(picture > 0) || !(tile > 0)) return true;
  return 1 - Math.min(picture / tile, tile / picture) <= MOST_CUT + 0.005;
}
