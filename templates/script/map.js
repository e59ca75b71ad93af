// The map: every article as a point; a legend, a search and colours light points up, and a click selects one.
const REACH = 14; // so many pixels from a point a pointer still means it
const FINGER = 24;
const SETTLED = 120; // milliseconds after which names find new places when the map was moved
const CLOSE = 0.6; // of the whole is seen: then tags have room, and names of themes more words
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class ArticleMap {
  constructor(data, table) {
    this.data = data;
    this.table = table;
    this.box = document.getElementById("map-canvas");
    this.tip = document.getElementById("map-tip");
    this.by = document.getElementById("map-color");
    this.tag = document.getElementById("map-tag");
    this.query = document.getElementById("map-search");
    this.output = document.getElementById("map-count");
    this.legend = document.getElementById("map-legend");
    this.scale = document.getElementById("map-scale");
    this.method = document.getElementById("map-method");
    this.panel = document.getElementById("map-panel");
    this.told = document.getElementById("map-told");
    this.boxing = document.getElementById("map-box");
    this.bar = document.getElementById("map-picked");
    this.only = new Set();
    this.points = [];
    this.labels = [];
    this.pointed = null;
    this.selected = null;
    this.offer({ date: data.day.filter(Boolean).length, tag: data.tags.flat().length, category: data.categoryNames.length });
  }

  // Colours are chosen by what the articles have; tags are offered from the most used on.
  offer(had) {
    for (const option of [...this.by.options]) if (had[option.value] === 0) option.remove();
    this.tag.append(...this.table.tagChoices.map(([name, uses]) => make("option", { value: name }, `${name} (${number(uses)})`)));
  }

  draw() {
    this.canvas = new MapCanvas(this.box);
    this.listen();
    this.fit();
    new ResizeObserver(() => this.fit()).observe(this.box);
    document.getElementById("map").classList.add("drawn");
    document.getElementById("map-controls").hidden = false;
    performance.mark("map-drawn");
    return this;
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!width || !height) return;
    this.canvas.fit(width, height);
    this.paint();
  }

  listen() {
    [this.by, this.tag, this.query, this.method].forEach((control) => control?.addEventListener("input", () => this.paint()));
    setUpBox(this.box, () => this.boxing.getAttribute("aria-pressed") === "true", (edges) => this.pick(edges));
    this.camera = new Camera((camera) => this.look(camera));
    setUpPointers(this.box, this.camera, (event) => this.select(this.nearestTo(event)?.article ?? null));
    setUpKeys(this.box, this.camera, (key) => this.press(key));
    this.box.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") this.hover(event); });
    this.box.addEventListener("pointerleave", () => this.point(null));
    for (const button of this.legend.querySelectorAll("button")) button.disabled = false;
    this.legend.addEventListener("click", (event) => this.isolate(event));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.select(null);
      this.box.focus({ preventScroll: true });
    });
    document.getElementById("map-close").addEventListener("click", () => {
      this.select(null);
      this.box.focus({ preventScroll: true });
    });
    this.boxing.addEventListener("click", () => {
      this.boxing.setAttribute("aria-pressed", String(this.boxing.getAttribute("aria-pressed") !== "true"));
      this.box.classList.toggle("boxing", this.boxing.getAttribute("aria-pressed") === "true");
    });
    document.getElementById("map-picked-csv").addEventListener("click", () => this.table.exportCsv());
    document.getElementById("map-picked-none").addEventListener("click", () => this.table.change({ picked: null }));
    this.table.listeners.push(() => this.showPicked());
  }

  // A theme alone, and with the shift or the control key besides others; all again when none is left.
  isolate(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const theme = Number(button.dataset.theme);
    const had = this.only.has(theme);
    if (!event.shiftKey && !event.ctrlKey && !event.metaKey) this.only.clear();
    if (had) this.only.delete(theme);
    else this.only.add(theme);
    for (const each of this.legend.querySelectorAll("button")) each.setAttribute("aria-pressed", String(this.only.has(Number(each.dataset.theme))));
    this.legend.classList.toggle("isolating", this.only.size > 0);
    this.paint();
  }

  look(camera) {
    this.point(null);
    this.box.classList.toggle("closer", camera.size < 1);
    this.canvas.see(camera);
    this.redraw();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.name(), SETTLED);
  }

  layout() {
    return this.data.maps[this.method ? Number(this.method.value) : 0];
  }

  // Works out how all points look.
  paint() {
    if (!this.canvas?.width) return;
    this.colors = currentColors(["ink", "paper", "muted", ...PALETTE]);
    const { places } = this.layout();
    const { picked } = this.table.state;
    const matches = matcherOf(this.query);
    this.points = pointsOf(this.data, places, coloring(this.data, this.by.value, this.tag.value), { only: this.only, matches, picked });
    this.pointOf = new Map(this.points.map((point) => [point.article, point]));
    this.point(null);
    this.count(matches);
    this.explain();
    this.name();
    this.box.dataset.points = this.points.length;
  }

  // Finds places for the names of the themes that are seen, and for those of tags where there is room.
  name() {
    const { canvas } = this;
    const { size } = canvas.camera;
    const [ink,, muted, ...palette] = this.colors;
    const names = shortNames(this.data.themes.map(([name]) => name), size < CLOSE ? 1 : 0);
    const seen = this.points.filter(({ out }) => !out).map(({ article, x, y }) => [this.data.theme[article], ...canvas.at(x, y)]);
    const kept = placeThemes(seen, names, (text) => canvas.widthOf(text, THEME_FONT), canvas.width, canvas.height);
    const colorOf = (theme) => (this.by.value === "theme" ? mix([palette[this.data.themes[theme][2] - 1], ink], 0.3) : ink);
    const labels = kept.map((label) => ({ ...label, color: colorOf(label.theme), font: THEME_FONT }));
    if (size < CLOSE && !this.only.size) labels.push(...this.nameTags(labels, muted));
    this.labels = labels.map((label) => ({ ...label, ...this.unitsOf(label) }));
    this.box.dataset.labels = JSON.stringify(labels.map(({ text, x, y, half, color }) => [text, x, y, half, color]));
    this.redraw();
  }

  nameTags(kept, color) {
    const tags = [];
    for (const [text, left, top] of this.layout().labels) {
      const [x, y] = this.canvas.at(left, top);
      const label = { text, x, y, half: this.canvas.widthOf(text, TAG_FONT) / 2, color, font: TAG_FONT };
      const inside = x > label.half && x < this.canvas.width - label.half && y > 0 && y < this.canvas.height;
      if (inside && ![...kept, ...tags].some((other) => overlaps(label, other))) tags.push(label);
    }
    return tags;
  }

  unitsOf({ x, y }) {
    const { camera: { left, top, size }, width, height } = this.canvas;
    return { x: (left + (x / width) * size) * UNITS[0], y: (top + (y / height) * size) * UNITS[1] };
  }

  // Draws before the next frame, once whatever changed.
  redraw() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = null;
      const begun = performance.now();
      const [ink, paper] = this.colors;
      this.canvas.draw({ points: this.points, labels: this.labels, selected: this.marked(), ink, paper, again: () => this.redraw() });
      this.box.dataset.frame = (performance.now() - begun).toFixed(1);
    });
  }

  // The point that has a ring: the selected one with those related to it, and another that is pointed at.
  marked() {
    const point = this.pointed ?? this.pointOf.get(this.selected);
    if (!point) return null;
    const related = this.data.related[point.article].filter(([,,, featured]) => !featured).map(([other]) => this.pointOf.get(other));
    return { point, related: related.filter(Boolean), chosen: !this.pointed };
  }

  count(matches) {
    const wanted = matches || (this.by.value === "tag" && this.tag.value);
    const counted = this.points.filter((point) => (wanted ? point.found : !point.out)).length;
    this.output.value = this.query.validationMessage || say(wanted ? "hits" : "points", { n: number(counted) });
    this.query.setAttribute("aria-invalid", String(Boolean(this.query.validationMessage)));
  }

  // What the layout and the colours mean, these where it is not the themes that they stand for.
  explain() {
    const by = this.by.value;
    const meanings = colorScale(this.data, by);
    this.tag.closest("label").hidden = by !== "tag";
    this.legend.classList.toggle("plain", by !== "theme");
    this.scale.hidden = !meanings.length;
    this.scale.replaceChildren(...meanings);
    for (const sentence of document.querySelectorAll("#map-about > span")) sentence.hidden = sentence.dataset.method !== this.layout().method;
  }

  // The point nearest to a pointer, of those within its reach.
  nearestTo(event) {
    const box = this.box.getBoundingClientRect();
    return this.nearest(event.clientX - box.left, event.clientY - box.top, event.pointerType === "touch" ? FINGER : REACH);
  }

  nearest(x, y, reach = Infinity) {
    return nearestOf(this.points, this.canvas, x, y, reach);
  }

  hover(event) {
    this.point(event.buttons ? null : this.nearestTo(event), event);
  }

  point(point, event) {
    if (point !== this.pointed) {
      this.pointed = point;
      this.box.classList.toggle("pointing", Boolean(point));
      if (point) this.tip.replaceChildren(...tipOf(this.data, point.article));
      this.tip.hidden = !point;
      this.redraw();
    }
    if (point) this.place(event);
  }

  // Beside the pointer, on the map.
  place(event) {
    const box = this.box.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const below = y + 18 + this.tip.offsetHeight <= box.height;
    this.tip.style.left = `${Math.max(0, Math.min(x + 14, box.width - this.tip.offsetWidth))}px`;
    this.tip.style.top = `${below ? y + 18 : Math.max(0, y - this.tip.offsetHeight - 10)}px`;
  }

  // Shows a post beside the map, or none.
  select(article) {
    this.selected = article;
    this.panel.hidden = article === null;
    this.told.replaceChildren(...(article === null ? [] : panelOf(this.data, article, (other) => this.select(other))));
    const point = this.pointOf.get(article);
    if (point && !this.canvas.sees(this.canvas.at(point.x, point.y))) {
      const { size } = this.camera;
      this.camera.set(point.x / UNITS[0] - size / 2, point.y / UNITS[1] - size / 2, size);
    }
    this.redraw();
  }

  // Keys: Enter selects the post in the middle, arrows step from the selected one to the next, Escape ends that.
  press(key) {
    if (key === "Enter") {
      if (this.selected === null) this.select(this.nearest(this.canvas.width / 2, this.canvas.height / 2)?.article ?? null);
      else this.told.querySelector("a").focus();
      return true;
    }
    if (this.selected === null) return false;
    if (key === "Escape") this.select(null);
    else if (ARROWS[key]) this.step(...ARROWS[key]);
    else return false;
    return true;
  }

  // Selects the next point in a direction: near, and rather ahead than aside.
  step(right, down) {
    const from = this.pointOf.get(this.selected);
    if (!from) return;
    const next = nextOf(this.points, from, right, down);
    if (next) this.select(next.article);
  }

  // The table lists, and its CSV holds, the posts within a box.
  pick([left, right, top, bottom]) {
    const inside = this.points.filter((point) => {
      const [x, y] = this.canvas.at(point.x, point.y);
      return !point.out && x >= left && x <= right && y >= top && y <= bottom;
    });
    const picked = inside.length ? new Set(inside.map(({ article }) => article)) : null;
    this.table.change({ ...NO_FILTER, picked });
  }

  showPicked() {
    const { picked } = this.table.state;
    this.bar.hidden = !picked;
    if (picked) document.getElementById("map-picked-count").textContent = say("picked", { n: number(picked.size) });
    if (picked !== this.shownPicked) this.paint();
    this.shownPicked = picked;
  }
}

const drawMap = (data, table) => new ArticleMap(data, table).draw();
