// The map: every article as a point, drawn by Vega; its controls are the page's own.
const SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];
const COLORS = 8;
const DATE_SCALE = ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"]; // cividis, read by all eyes
const FAINT = 0.12;

const loadVega = async () => {
  if (!window.vegaEmbed) {
    const source = await inflate("vega");
    document.head.append(make("script", {}, source)); // allowed by its hash in the page's policy
  }
  return window.vegaEmbed;
};

const mix = (share) => {
  const at = Math.min(DATE_SCALE.length - 2, Math.floor(share * (DATE_SCALE.length - 1)));
  const part = share * (DATE_SCALE.length - 1) - at;
  const channel = (color, place) => parseInt(color.slice(1 + 2 * place, 3 + 2 * place), 16);
  const blend = (place) => Math.round(channel(DATE_SCALE[at], place) * (1 - part) + channel(DATE_SCALE[at + 1], place) * part);
  return `rgb(${blend(0)}, ${blend(1)}, ${blend(2)})`;
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
    this.method = document.getElementById("map-method");
    this.hidden = new Set();
    const stamps = data.day.filter(Boolean).map((day) => Date.parse(day));
    this.span = [Math.min(...stamps), Math.max(...stamps)];
  }

  async draw() {
    const embed = await loadVega();
    const spec = JSON.parse(document.getElementById("map-spec").textContent);
    const settings = { mode: "vega", ast: true, renderer: "canvas", actions: false, tooltip: false, hover: false };
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
    this.named = width < 480 ? 8 : width < 800 ? 14 : Infinity;
    this.paint();
  }

  listen() {
    const repaint = () => this.paint();
    [this.by, this.tag, this.query, this.method].forEach((control) => control?.addEventListener("input", repaint));
    this.by.addEventListener("input", () => { this.tag.closest("label").hidden = this.by.value !== "tag"; });
    this.view.addEventListener("pointermove", (event, item) => this.hover(event, item));
    this.view.addEventListener("click", (event, item) => {
      if (item?.datum?.article !== undefined && !this.dragged) this.open(item.datum.article);
    });
    this.view.addEventListener("pointerdown", (event) => { this.from = [event.clientX, event.clientY]; this.dragged = false; });
    this.box.addEventListener("pointermove", (event) => {
      if (event.buttons && this.from) this.dragged ||= Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]) > 4;
    });
    this.box.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    const step = (x, y, zoom) => this.view.signal("step", { x, y, zoom }).runAsync();
    const whole = () => this.view.signal("whole", [0, 1000, 620, 0].map(Number)).runAsync();
    const keys = {
      "+": () => step(0, 0, 0.7), "=": () => step(0, 0, 0.7), "-": () => step(0, 0, 1.4), 0: whole,
      ArrowLeft: () => step(-0.1, 0, 1), ArrowRight: () => step(0.1, 0, 1),
      ArrowUp: () => step(0, -0.1, 1), ArrowDown: () => step(0, 0.1, 1),
    };
    this.box.addEventListener("keydown", (event) => {
      if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    document.getElementById("map-in").addEventListener("click", keys["+"]);
    document.getElementById("map-out").addEventListener("click", keys["-"]);
    document.getElementById("map-whole").addEventListener("click", whole);
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
    const style = getComputedStyle(document.documentElement);
    const probe = make("span", { style: "display:none" });
    document.body.append(probe);
    const color = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const palette = Array.from({ length: COLORS }, (_, place) => color(`c${place + 1}`));
    const [muted, ink, paper, accent] = ["muted", "ink", "paper", "accent"].map(color);
    probe.remove();
    const matches = this.matcher();
    const colored = this.coloring(palette, muted, accent);
    const images = new Map(this.data.images);
    let hits = 0;
    const points = this.layout().places.filter(([article]) => !this.hidden.has(this.data.theme[article])).map(([article, x, y]) => {
      const hit = matches ? matches(this.data.title[article]) : false;
      hits += hit ? 1 : 0;
      const look = colored(article);
      const faint = (matches && !hit) || (!matches && look.faint);
      return {
        article, x, y, hit, color: look.color, shape: look.shape ?? "circle",
        opacity: faint ? FAINT : 0.85, size: hit ? 110 : look.strong ? 90 : 48, image: images.get(article) ?? null,
      };
    });
    points.sort((one, other) => one.opacity - other.opacity || one.hit - other.hit);
    const labels = this.layout().labels.slice(0, this.named).map(([text, x, y]) => ({ text, x, y }));
    this.view.signal("ink", ink).signal("paper", paper).data("points", points).data("labels", labels).runAsync();
    this.output.value = this.query.validationMessage
      || (matches ? say("hits", { n: number(hits) }) : say("points", { n: number(points.length) }));
    this.query.setAttribute("aria-invalid", String(Boolean(this.query.validationMessage)));
    this.box.dataset.points = points.length;
  }

  coloring(palette, muted, accent) {
    const { data } = this;
    const of = (place) => ({ color: palette[place % COLORS], shape: SHAPES[Math.floor(place / COLORS) % SHAPES.length] });
    if (this.by.value === "date") {
      const [first, last] = this.span;
      return (article) => data.day[article]
        ? { color: mix(last > first ? (Date.parse(data.day[article]) - first) / (last - first) : 1) }
        : { color: muted, faint: true };
    }
    if (this.by.value === "tag") {
      const wanted = fold(this.tag.value.trim());
      const has = (article) => wanted && data.tags[article].some((tag) => fold(data.tagNames[tag]) === wanted);
      return (article) => has(article) ? { color: accent, strong: true } : { color: muted, faint: Boolean(wanted) };
    }
    if (this.by.value === "category") {
      return (article) => data.categories[article].length ? of(data.categories[article][0]) : { color: muted, faint: true };
    }
    return (article) => data.theme[article] < 0
      ? { color: muted }
      : of(data.themes[data.theme[article]][2] - 1 + COLORS * data.themes[data.theme[article]][3]);
  }

  hover(event, item) {
    const article = item?.datum?.article;
    if (article === undefined || event.buttons) {
      this.tip.hidden = true;
      return;
    }
    if (this.tip.dataset.article !== String(article) || this.tip.hidden) this.tell(article);
    const box = this.box.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    this.tip.style.left = `${Math.max(0, Math.min(x + 14, box.width - this.tip.offsetWidth))}px`;
    this.tip.style.top = `${y + 18 + this.tip.offsetHeight > box.height ? Math.max(0, y - this.tip.offsetHeight - 10) : y + 18}px`;
  }

  tell(article) {
    const { data } = this;
    const tags = data.tags[article].map((tag) => data.tagNames[tag]).join(", ");
    const nearest = data.related[article].slice(0, 3).map(([other]) => make("li", { dir: "auto" }, data.title[other]));
    this.tip.replaceChildren(
      make("strong", { dir: "auto" }, data.title[article]),
      make("p", {}, [data.day[article], tags].filter(Boolean).join(" · ")),
      ...(nearest.length ? [make("p", {}, say("nearest")), make("ol", {}, ...nearest)] : []),
    );
    this.tip.dataset.article = article;
    this.tip.hidden = false;
  }
}

const drawMap = (data, open) => new ArticleMap(data, open).draw();
