// The map: every article as a point, drawn by Vega; its controls are the page's own.
const UNITS = [1000, 620]; // as reports/map.py lays the points out
const FAINT = 0.12;
const RING = 720; // square pixels of the disc that a picture stands on, in the colour of its point
const REACH = 14; // so many pixels from a point a pointer still means it
const FINGER = 24;
const LETTER = 7.5; // the pixels that a letter of a name takes, and a line of it
const LINE = 16;

const loadVega = async () => {
  if (!window.vegaEmbed) {
    const source = await inflate("vega");
    document.head.append(make("script", {}, source)); // allowed by its hash in the page's policy
  }
  return window.vegaEmbed;
};

class ArticleMap {
  constructor(data, open) {
    this.data = data;
    this.open = open;
    this.box = document.getElementById("map-canvas");
    this.tip = document.getElementById("map-tip");
    this.by = document.getElementById("map-color");
    this.tag = document.getElementById("map-tag");
    this.query = document.getElementById("map-search");
    this.output = document.getElementById("map-count");
    this.legend = document.getElementById("map-legend");
    this.scale = document.getElementById("map-scale");
    this.method = document.getElementById("map-method");
    this.hidden = new Set();
    this.points = [];
    this.told = null;
    this.offer({ date: data.day.filter(Boolean).length, tag: data.tags.flat().length, category: data.categoryNames.length });
  }

  // Colours are chosen by what the articles have.
  offer(had) {
    for (const option of [...this.by.options]) if (had[option.value] === 0) option.remove();
  }

  async draw() {
    const embed = await loadVega();
    const spec = JSON.parse(document.getElementById("map-spec").textContent);
    const settings = { mode: "vega", ast: true, renderer: "canvas", actions: false, tooltip: false, hover: false, loader: { crossOrigin: null } };
    this.view = (await embed(this.box, spec, settings)).view;
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
    this.view.width(width).height(height);
    this.paint();
  }

  listen() {
    [this.by, this.tag, this.query, this.method].forEach((control) => control?.addEventListener("input", () => this.paint()));
    this.camera = new Camera((camera) => this.look(camera));
    setUpPointers(this.box, this.camera, (event) => this.tap(event));
    setUpKeys(this.box, this.camera);
    this.box.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") this.hover(event); });
    this.box.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") this.tell(null); });
    for (const button of this.legend.querySelectorAll("button")) button.disabled = false;
    this.legend.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const theme = Number(button.dataset.theme);
      if (!this.hidden.delete(theme)) this.hidden.add(theme);
      button.setAttribute("aria-pressed", String(!this.hidden.has(theme)));
      this.paint();
    });
  }

  look({ left, top, size }) {
    const [width, height] = UNITS;
    this.tell(null);
    this.box.classList.toggle("closer", size < 1);
    this.view.signal("xdom", [left * width, (left + size) * width])
      .signal("ydom", [(top + size) * height, top * height]).runAsync();
  }

  layout() {
    return this.data.maps[this.method ? Number(this.method.value) : 0];
  }

  // What the search box asks for: /a pattern/ or words; null when it asks for nothing.
  matcher() {
    const text = this.query.value.trim();
    this.query.setCustomValidity("");
    if (!text) return null;
    if (!/^\/.+\/$/.test(text)) {
      const words = wordsOf(text);
      return (title) => words.every((word) => fold(title).includes(word));
    }
    try {
      const pattern = new RegExp(text.slice(1, -1), "iu");
      return (title) => pattern.test(title);
    } catch {
      this.query.setCustomValidity(say("badPattern"));
      return () => false;
    }
  }

  paint() {
    if (!this.view) return;
    const [ink, paper] = currentColors(["ink", "paper"]);
    const matches = this.matcher();
    const images = new Map(this.data.images);
    const looks = coloring(this.data, this.by.value, this.tag.value);
    const shown = this.layout().places.filter(([article]) => !this.hidden.has(this.data.theme[article]));
    this.points = shown.map(([article, x, y]) => {
      const look = looks(article);
      const hit = matches ? matches(this.data.title[article]) : false;
      const faint = matches ? !hit : look.faint;
      return {
        article, x, y, hit, found: matches ? hit : look.strong, color: look.color, shape: look.shape ?? "circle",
        opacity: faint ? FAINT : 0.85, size: images.has(article) ? RING : hit ? 110 : look.strong ? 90 : 48, image: images.get(article) ?? null,
      };
    }).sort((one, other) => one.opacity - other.opacity || one.hit - other.hit);
    this.tell(null);
    this.view.signal("ink", ink).signal("paper", paper).data("points", this.points).data("labels", this.names()).runAsync();
    this.count(matches);
    this.explain();
    this.box.dataset.points = this.points.length;
  }

  // The names of tags that have room at the map's present size, those of the most used first, none cut by its edge.
  names() {
    const [across, down] = [this.box.clientWidth / UNITS[0], this.box.clientHeight / UNITS[1]];
    const kept = [];
    for (const [text, x, y] of this.layout().labels) {
      const half = [...text].reduce((sum, sign) => sum + (sign < "\u2e80" ? LETTER : 2 * LETTER), 0) / 2 / across;
      const at = Math.max(half, Math.min(UNITS[0] - half, x));
      const apart = (other) => Math.abs(other.x - at) > half + other.half || Math.abs(other.y - y) * down > LINE;
      if (kept.every(apart)) kept.push({ text, x: at, y, half });
    }
    return kept;
  }

  count(matches) {
    const wanted = matches || (this.by.value === "tag" && this.tag.value.trim());
    const found = this.points.filter((point) => point.found).length;
    this.output.value = this.query.validationMessage
      || (wanted ? say("hits", { n: number(found) }) : say("points", { n: number(this.points.length) }));
    this.query.setAttribute("aria-invalid", String(Boolean(this.query.validationMessage)));
  }

  // What the colours mean where it is not the themes that they stand for.
  explain() {
    const by = this.by.value;
    const meanings = colorScale(this.data, by);
    this.tag.closest("label").hidden = by !== "tag";
    this.legend.classList.toggle("plain", by !== "theme");
    this.scale.hidden = !meanings.length;
    this.scale.replaceChildren(...meanings);
  }

  // The point nearest to a pointer, of those within its reach.
  nearestTo(event) {
    const box = this.box.getBoundingClientRect();
    const [x, y] = ["x", "y"].map((axis) => this.view.scale(axis));
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    let nearest = null;
    let least = event.pointerType === "touch" ? FINGER : REACH;
    for (const point of this.points) {
      const away = Math.hypot(x(point.x) - left, y(point.y) - top);
      if (away <= least) [nearest, least] = [point, away];
    }
    return nearest;
  }

  hover(event) {
    this.tell(event.buttons ? null : this.nearestTo(event), event);
  }

  // A finger cannot hover: its first tap tells of the point, its second opens the row.
  tap(event) {
    const point = this.nearestTo(event);
    const told = point && point === this.told;
    if (point && (event.pointerType !== "touch" || told)) this.open(point.article);
    else this.tell(point, event);
  }

  tell(point, event) {
    if (point !== this.told) {
      this.told = point;
      this.box.classList.toggle("pointing", Boolean(point));
      this.view.data("over", point ? [{ x: point.x, y: point.y, image: point.image }] : []).runAsync();
      if (point) this.tip.replaceChildren(...this.about(point.article));
      this.tip.hidden = !point;
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

  about(article) {
    const { data } = this;
    const tags = data.tags[article].map((tag) => data.tagNames[tag]).join(", ");
    const nearest = data.related[article].filter(([,,, featured]) => !featured).slice(0, 3).map(([other]) => make("li", { dir: "auto" }, isKnown(other) ? data.title[other] : other));
    return [
      make("strong", { dir: "auto" }, data.title[article]),
      make("p", {}, [data.day[article], tags].filter(Boolean).join(" · ")),
      ...(nearest.length ? [make("p", {}, say("nearest")), make("ol", {}, ...nearest)] : []),
    ];
  }
}

const drawMap = (data, open) => new ArticleMap(data, open).draw();
