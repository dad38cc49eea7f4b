export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

/** A picture lies on a desk and stands on a phone. */
const LYING = 16 / 10;
const STANDING = 4 / 5;

/** The columns and rows that give `count` tiles in this room the shape closest to a picture, and the least empty cells. */
export function gridShape(count: number, width: number, height: number): GridShape {
  if (count <= 1 || width <= 0 || height <= 0) return { columns: 1, rows: Math.max(1, count) };
  const wished = width >= height ? LYING : STANDING;
  let best: GridShape = { columns: 1, rows: count };
  let bestScore = -Infinity;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const aspect = width / columns / (height / rows);
    const fit = Math.min(aspect / wished, wished / aspect);
    const filled = count / (columns * rows);
    const score = fit * filled;
    if (score > bestScore) {
      bestScore = score;
      best = { columns, rows };
    }
  }
  return best;
}
