// The points of the map: how each looks, which the search box means, and which is near a place or another point.
const RADIUS = 3.9; // pixels of a point, as long as there are not very many
const MANY = 2500;
const LEAST = 0.4; // of that radius, however many there are

// What a search box asks for: /a pattern/ or words; null when it asks for nothing.
const matcherOf = (box) => {
  const text = box.value.trim();
  box.setCustomValidity("");
  if (!text) return null;
  if (!/^\/.+\/$/.test(text)) {
    const words = wordsOf(text);
    return (title) => words.every((word) => fold(title).includes(word));
  }
  try {
    const pattern = new RegExp(text.slice(1, -1), "iu");
    return (title) => pattern.test(title);
  } catch {
    box.setCustomValidity(say("badPattern"));
    return () => false;
  }
};

// The points of [article, x, y] places, those that matter most last: `only` some themes, those that match or are picked.
const pointsOf = (data, places, looks, { only, matches, picked }) => {
  const images = new Map(data.images);
  const radius = RADIUS * Math.max(LEAST, Math.min(1, Math.sqrt(MANY / places.length)));
  return places.map(([article, x, y]) => {
    const look = looks(article);
    const out = only.size > 0 && !only.has(data.theme[article]);
    const hit = !out && (matches ? matches(data.title[article]) : Boolean(picked?.has(article)));
    const faint = out || (matches || picked ? !hit : look.faint);
    const point = {
      article, x, y, out, hit, found: !out && (matches ? hit : look.strong), color: look.color, shape: look.shape ?? "circle",
      opacity: faint ? FAINT : 0.85, radius: radius * (hit ? 1.5 : look.strong ? 1.35 : 1), image: images.get(article),
    };
    point.look = [point.shape, point.color, point.opacity, hit, point.radius].join();
    return point;
  }).sort((one, other) => one.opacity - other.opacity || one.hit - other.hit);
};

// The point nearest to a place of the canvas, of those within reach.
const nearestOf = (points, canvas, x, y, reach) => {
  let found = null;
  let least = reach;
  for (const point of points) {
    if (point.out) continue;
    const [left, top] = canvas.at(point.x, point.y);
    const away = Math.hypot(left - x, top - y);
    if (away <= least) [found, least] = [point, away];
  }
  return found;
};

// The next point in a direction from another: near, and rather ahead than aside.
const nextOf = (points, from, right, down) => {
  let next = null;
  let least = Infinity;
  for (const point of points) {
    const [x, y] = [point.x - from.x, point.y - from.y];
    const ahead = x * right + y * down;
    const cost = Math.hypot(x, y) + 2 * Math.abs(x * down) + 2 * Math.abs(y * right);
    if (!point.out && ahead > 0 && cost < least) [next, least] = [point, cost];
  }
  return next;
};
