export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

const WISHED_ASPECT = 16 / 10;

/** The columns and rows that give `count` tiles in this room the shape closest to a picture, and the least empty cells. */
export function gridShape(count: number, width: number, height: number): GridShape {
  if (count <= 1 || width <= 0 || height <= 0) return { columns: 1, rows: Math.max(1, count) };
  let best: GridShape = { columns: 1, rows: count };
  let bestScore = -Infinity;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const aspect = width / columns / (height / rows);
    const fit = Math.min(aspect / WISHED_ASPECT, WISHED_ASPECT / aspect);
    const filled = count / (columns * rows);
    const score = fit * filled;
    if (score > bestScore) {
      bestScore = score;
      best = { columns, rows };
    }
  }
  return best;
}
