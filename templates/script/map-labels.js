// Where the names of themes stand on the map: near the middle of their posts, on few points, and never on each other.
const THEME_FONT = "650 13px system-ui, sans-serif";
const TAG_FONT = "500 11px system-ui, sans-serif";
const LINE = 18; // pixels of a line with the room about it
const CELL = 10; // pixels of a side of the cells that points are counted in
const TRIES = 240; // places tried on a spiral about the middle
const APART = 6;
const ROOM = 12000; // square pixels of the map for each name

// As many parts of a theme's name as tell it from the others, and some more.
const shortNames = (names, more) => names.map((name, place) => {
  const parts = name.split(" · ");
  const head = (other, count) => other.split(" · ").slice(0, count).join(" · ");
  let count = 1;
  while (count < parts.length && names.some((other, at) => at !== place && head(other, count) === head(name, count))) count += 1;
  return parts.slice(0, count + more).join(" · ");
});

// How many points stand in a rectangle, in constant time: sums over all cells left of and above each.
const countIn = (places, width, height) => {
  const [across, down] = [Math.ceil(width / CELL) + 1, Math.ceil(height / CELL) + 1];
  const sums = new Float64Array(across * down);
  for (const [x, y] of places) sums[(Math.floor(y / CELL) + 1) * across + Math.floor(x / CELL) + 1] += 1;
  for (let row = 1; row < down; row += 1) {
    for (let column = 1; column < across; column += 1) {
      const at = row * across + column;
      sums[at] += sums[at - 1] + sums[at - across] - sums[at - across - 1];
    }
  }
  const clamp = (value, most) => Math.max(0, Math.min(most - 1, Math.round(value / CELL)));
  return (left, top, right, bottom) => {
    const [x, y, endX, endY] = [clamp(left, across), clamp(top, down), clamp(right, across), clamp(bottom, down)];
    return sums[endY * across + endX] - sums[y * across + endX] - sums[endY * across + x] + sums[y * across + x];
  };
};

// The middle of the densest part of some places: the mean of those in the fullest cells of a coarse grid.
const densest = (places, side) => {
  const cells = new Map();
  for (const [x, y] of places) {
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) {
        const key = `${Math.floor(x / side) + dx},${Math.floor(y / side) + dy}`;
        const sum = cells.get(key) ?? [0, 0, 0];
        cells.set(key, [sum[0] + 1, sum[1] + x, sum[2] + y]);
      }
    }
  }
  const [count, x, y] = [...cells.values()].reduce((best, sum) => (sum[0] > best[0] ? sum : best));
  return [x / count, y / count];
};

const overlaps = (one, other) => Math.abs(one.x - other.x) < one.half + other.half + APART && Math.abs(one.y - other.y) < LINE;

// The free place about a middle that is near it and covers few points; null if all are taken.
const freePlace = ([x, y], half, kept, count, width, height) => {
  let best = null;
  let least = Infinity;
  for (let step = 0; step < TRIES; step += 1) {
    const away = 0.6 * step;
    const at = {
      x: Math.max(half + APART, Math.min(width - half - APART, x + away * Math.cos(0.7 * step))),
      y: Math.max(LINE / 2, Math.min(height - LINE / 2, y + 0.8 * away * Math.sin(0.7 * step))),
      half,
    };
    const cost = away + 5 * count(at.x - half, at.y - LINE / 2, at.x + half, at.y + LINE / 2);
    if (cost < least && !kept.some((other) => overlaps(at, other))) [best, least] = [at, cost];
    if (away > least) break;
  }
  return best;
};

// Names of themes in pixels: { theme, text, x, y, half }. `places` are [theme, x, y] of what is seen, largest theme first.
const placeThemes = (places, names, widthOf, width, height) => {
  const inside = places.filter(([, x, y]) => x >= 0 && y >= 0 && x < width && y < height);
  const count = countIn(inside.map(([, x, y]) => [x, y]), width, height);
  const byTheme = new Map();
  for (const [theme, x, y] of inside) {
    if (theme < 0) continue;
    if (!byTheme.has(theme)) byTheme.set(theme, []);
    byTheme.get(theme).push([x, y]);
  }
  const kept = [];
  for (const theme of [...byTheme.keys()].sort((one, other) => one - other)) {
    const half = widthOf(names[theme]) / 2;
    if (kept.length * ROOM > width * height) break;
    if (2 * half > width) continue;
    const free = freePlace(densest(byTheme.get(theme), Math.max(24, width / 14)), half, kept, count, width, height);
    if (free) kept.push({ theme, text: names[theme], ...free });
  }
  return kept;
};
