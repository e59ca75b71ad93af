// The colours of the map and what they mean.
const COLORS = 8;
const SHAPES = ["circle", "square", "diamond", "triangle-up"]; // as in the legend: no two of 32 look alike
const PALETTE = Array.from({ length: COLORS }, (_, place) => `c${place + 1}`);
const DATES = ["d1", "d2", "d3", "d4"];

const shapeOf = (place) => (place + Math.floor(place / COLORS)) % SHAPES.length;

// A colour between the stops of a scale, which are given as rgb().
const mix = (stops, share) => {
  const place = share * (stops.length - 1);
  const at = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[at], stops[at + 1]].map((stop) => stop.match(/[\d.]+/g).map(Number));
  return `rgb(${from.map((value, channel) => Math.round(value + (to[channel] - value) * (place - at))).join(", ")})`;
};

// What the page's variables of these names are now, in light or dark, as rgb().
const currentColors = (names) => {
  const probe = make("span", { hidden: "" });
  document.body.append(probe);
  const colors = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colors;
};

// The first and the last day of the articles, of which one at least has a date.
const timeSpan = (data) => {
  const days = data.day.filter(Boolean).sort();
  return [days[0], days.at(-1)];
};

// How the point of an article looks, by its theme, date, category or whether it has a tag.
const coloring = (data, by, tagName) => {
  const [muted, accent, ...palette] = currentColors(["muted", "accent", ...PALETTE]);
  if (by === "date") {
    const stops = currentColors(DATES);
    const [first, last] = timeSpan(data).map((day) => Date.parse(day));
    return (article) => data.day[article]
      ? { color: mix(stops, last > first ? (Date.parse(data.day[article]) - first) / (last - first) : 1) }
      : { color: muted, faint: true };
  }
  if (by === "tag") {
    const wanted = fold(tagName.trim());
    const has = (article) => wanted && data.tags[article].some((tag) => fold(data.tagNames[tag]) === wanted);
    return (article) => has(article) ? { color: accent, strong: true } : { color: muted, faint: Boolean(wanted) };
  }
  if (by === "category") {
    const of = (place) => ({ color: palette[place % COLORS], shape: SHAPES[shapeOf(place)] });
    return (article) => data.categories[article].length ? of(data.categories[article][0]) : { color: muted, faint: true };
  }
  const looks = data.themes.map(([,, color, shape]) => ({ color: palette[color - 1], shape: SHAPES[shape] }));
  return (article) => looks[data.theme[article]] ?? { color: muted };
};

// What the colours mean where it is not the themes that they stand for, as items of a list.
const colorScale = (data, by) => {
  if (by === "date") {
    const [first, last] = timeSpan(data);
    return [make("li", { class: "ramp" }, make("span", {}, first), make("i", {}), make("span", {}, last))];
  }
  if (by === "category") {
    return data.categoryNames.map((name, place) =>
      make("li", { class: `theme c${place % COLORS + 1} r${shapeOf(place)}`, dir: "auto" }, name));
  }
  return [];
};
