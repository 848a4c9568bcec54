const EPSILON = 1e-6;

/**
 * How often lines of different edges cross; a line is x and y in turn. Touching ends do not count,
 * and stretches that lie on one another are the one line that is seen.
 */
export function crossings(lines) {
  const segments = [];
  const seen = new Set();
  lines.forEach((points, line) => {
    for (let i = 0; i + 3 < points.length; i += 2) {
      const ends = [
        [points[i], points[i + 1]],
        [points[i + 2], points[i + 3]],
      ].sort((a, b) => a[0] - b[0]);
      const key = ends.flat().join();
      if (seen.has(key) || (ends[0][0] === ends[1][0] && ends[0][1] === ends[1][1])) continue;
      seen.add(key);
      segments.push([...ends.flat(), line]);
    }
  });
  segments.sort((a, b) => a[0] - b[0]);
  let total = 0;
  for (let i = 0; i < segments.length; i++) {
    const a = segments[i];
    for (let j = i + 1; j < segments.length && segments[j][0] < a[2] - EPSILON; j++) {
      const b = segments[j];
      if (a[4] !== b[4] && apart(a, b) && apart(b, a)) total++;
    }
  }
  return total;
}

/** Whether a segment's line has the other's ends on its two sides. */
function apart(a, b) {
  const side = (x, y) => (a[2] - a[0]) * (y - a[1]) - (a[3] - a[1]) * (x - a[0]);
  return side(b[0], b[1]) * side(b[2], b[3]) < -EPSILON;
}
