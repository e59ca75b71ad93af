// The table of all articles: searched, filtered, sorted, and longer with each look at more.
const FIRST_ROWS = 8; // of all articles, so that what follows is not far
const PAGE_ROWS = 20;
const NO_FILTER = { article: "", q: "", theme: "", tag: "", year: "", picked: null };
const SORTS = ["day", "title", "-views"];

class ArticleTable {
  constructor(data) {
    this.data = data;
    this.table = document.getElementById("article-table");
    this.controls = Object.fromEntries(
      ["q", "theme", "tag", "year", "sort"].map((key) => [key, document.getElementById(`filter-${key}`)]),
    );
    this.output = document.getElementById("filter-count");
    this.next = document.getElementById("more-articles");
    this.all = data.title.map((_, article) => article);
    this.texts = null;
    this.state = { ...NO_FILTER, sort: "" }; // `picked` are the articles within a box on the map
    this.listeners = [];
    this.order = new Map();
    this.shown = FIRST_ROWS;
    this.fillControls();
    this.listen();
  }

  fillControls() {
    const { data, controls } = this;
    data.themes.forEach(([name], theme) => controls.theme.append(make("option", { value: theme }, name)));
    const years = [...new Set(data.day.map((day) => day.slice(0, 4)).filter(Boolean))].sort().reverse();
    years.forEach((year) => controls.year.append(make("option", { value: year }, year)));
    const uses = new Array(data.tagNames.length).fill(0);
    data.tags.flat().forEach((tag) => { uses[tag] += 1; });
    this.tagChoices = data.tagNames.map((name, tag) => [name, uses[tag]]).filter(([, count]) => count)
      .sort(([one, more], [other, less]) => less - more || (one < other ? -1 : 1));
    document.getElementById("all-tags").append(...this.tagChoices.map(([name]) => make("option", { value: name })));
  }

  listen() {
    for (const [key, control] of Object.entries(this.controls)) {
      control.addEventListener("input", () => this.change({ [key]: control.value, article: "" }));
    }
    this.next.addEventListener("click", () => {
      const first = this.table.tBodies[0].rows.length;
      this.shown += PAGE_ROWS;
      this.render();
      this.table.tBodies[0].rows[first].querySelector("a, [tabindex]").focus();
    });
    document.getElementById("clear-filter").addEventListener("click", () => {
      this.change({ ...NO_FILTER, sort: "" });
      this.controls.q.focus();
    });
    document.getElementById("articles-csv").addEventListener("click", () => this.exportCsv());
    this.table.addEventListener("click", (event) => {
      const tag = event.target.closest("button[data-tag]");
      if (tag) this.change({ tag: tag.textContent, article: "" });
    });
  }

  change(part, written = true) {
    this.state = { ...this.state, ...part };
    this.shown = Object.values(this.state).some(Boolean) ? PAGE_ROWS : FIRST_ROWS;
    for (const [key, control] of Object.entries(this.controls)) {
      if (control.value !== this.state[key]) control.value = this.state[key];
    }
    this.render();
    if (written) writeRoute(this.state);
    this.listeners.forEach((listener) => listener());
  }

  search() {
    const { data, state } = this;
    this.texts ??= this.all.map((article) => fold([
      data.title[article],
      ...data.tags[article].map((tag) => data.tagNames[tag]),
      data.theme[article] < 0 ? "" : data.themes[data.theme[article]][0],
    ].join(" ")));
    const words = wordsOf(state.q);
    const tags = this.tagsLike(state.tag);
    return this.sorted().filter((article) => (!state.picked || state.picked.has(article))
      && words.every((word) => this.texts[article].includes(word))
      && (state.theme === "" || String(data.theme[article]) === state.theme)
      && (state.year === "" || data.day[article].startsWith(state.year))
      && (!tags || (tags.size ? data.tags[article].some((tag) => tags.has(tag)) : !data.tags[article].length)));
  }

  // The tags of this name, else those that it is part of; an empty set stands for articles without tags.
  tagsLike(text) {
    if (!text) return null;
    if (text === "-") return new Set();
    const names = this.data.tagNames.map(fold);
    const like = (same) => names.flatMap((name, tag) => (same(name) ? [tag] : []));
    const exact = like((name) => name === fold(text));
    const found = exact.length ? exact : like((name) => name.includes(fold(text)));
    return new Set(found.length ? found : [-1]);
  }

  sorted() {
    const key = SORTS.includes(this.state.sort) ? this.state.sort : "-day";
    if (!this.order.has(key)) {
      const column = this.data[key.replace("-", "")];
      const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
      const compare = key === "title"
        ? (one, other) => collator.compare(column[one], column[other])
        : (one, other) => (column[one] < column[other] ? -1 : column[one] > column[other] ? 1 : 0);
      const sign = key.startsWith("-") ? -1 : 1;
      this.order.set(key, [...this.all].sort((one, other) => sign * compare(one, other) || one - other));
    }
    return this.order.get(key);
  }

  render() {
    const found = this.search();
    this.found = found;
    const at = this.state.article === "" ? -1 : this.data.id.indexOf(this.state.article);
    let listed = found.slice(0, this.shown);
    if (at >= 0 && !listed.includes(at)) listed = [at, ...listed];
    this.table.tBodies[0].replaceChildren(...listed.map((article) => this.row(article, article === at)));
    const left = found.length - this.shown;
    this.next.hidden = left <= 0;
    this.next.textContent = say("next", { n: number(Math.min(PAGE_ROWS, left)) });
    this.output.value = say("found", { n: number(found.length), total: number(this.all.length) });
  }

  show(article) {
    this.change({ ...NO_FILTER, article: this.data.id[article] });
    this.focus(article);
  }

  focus(article) {
    const row = document.getElementById(anchorOf(article));
    if (!row) return;
    row.scrollIntoView({ block: "start" });
    row.querySelector("a, [tabindex]").focus({ preventScroll: true });
  }

  mention(article) {
    if (!isKnown(article)) return make("span", { dir: "auto" }, article);
    return mentionOf(this.data, article);
  }

  // Where an article is found that can be neither opened nor edited.
  path(article) {
    return this.data.url[article] || this.data.edit ? [] : [make("code", {}, this.data.path[article])];
  }

  row(article, marked) {
    const { data } = this;
    const theme = data.themes[data.theme[article]];
    const title = data.url[article]
      ? make("a", { href: data.url[article], dir: "auto" }, data.title[article])
      : make("span", { dir: "auto", tabindex: -1 }, data.title[article]);
    const about = make("p", {}, data.day[article]);
    if (theme) about.append(" ", make("a", { class: `theme c${theme[2]} r${theme[3]}`, href: `#${theme[1]}`, dir: "auto" }, theme[0]));
    if (data.views[article]) about.append(" ", say("views", { n: number(data.views[article]) }));
    const labels = Array.from(this.table.tHead.rows[0].cells, (cell) => cell.textContent);
    const cell = (place, ...children) => make("td", { "data-label": labels[place] }, ...children);
    const list = (name, items) => items.length ? [make(name, {}, ...items)] : [];
    return make(
      "tr",
      { id: anchorOf(article), class: marked ? "marked" : null },
      make("th", { scope: "row", title: data.path[article] }, title, ...penOf(data, article), about, ...this.path(article)),
      cell(1, ...list("ul", data.tags[article].map((tag) =>
        make("li", {}, this.tag(tag))))),
      cell(2, ...list("ul", data.suggestions[article].map(([tag, score, isNew]) =>
        make("li", {}, ...(isNew ? [data.tagNames[tag], " ", make("b", {}, score)] : [this.tag(tag)]))))),
      cell(3, ...this.folded(list("ol", data.related[article].map(([other, score, why]) => make(
        "li", {}, this.mention(other), ...(score ? [" ", make("b", {}, score)] : []), ...(why ? [" ", make("i", {}, why)] : []),
      )))), ...this.alsoRead(article)),
    );
  }

  // A tag that filters the table.
  tag(tag) {
    return make("button", { type: "button", "data-tag": "" }, this.data.tagNames[tag]);
  }

  // The related articles of a row, below how many they are.
  folded(lists) {
    return lists.map((list) => make("details", {}, make("summary", {}, number(list.children.length)), list));
  }

  // What readers of an article read too, where logs of readers were given.
  alsoRead(article) {
    const also = this.data.alsoRead?.[article] ?? [];
    return also.length ? [make("details", {}, make("summary", {}, say("alsoRead")), make("ul", { class: "also" }, ...also.map(([other, readers]) =>
      make("li", {}, this.mention(other), " ", make("i", {}, say("readers", { n: number(readers) }))))))] : [];
  }

  exportCsv() {
    const { data } = this;
    const idOf = (other) => (isKnown(other) ? data.id[other] : other);
    const head = ["id", "path", "url", "title", "date", "theme"];
    const rows = this.found.map((article) => [
      data.id[article],
      data.path[article],
      data.url[article] || "",
      data.title[article],
      data.day[article],
      data.theme[article] < 0 ? "" : data.themes[data.theme[article]][0],
    ]);
    spread(head, rows, ["tag"], this.found.map((article) => data.tags[article].map((tag) => [data.tagNames[tag]])));
    spread(head, rows, ["tag to add", "its score"], this.found.map((article) => data.suggestions[article].map(([tag, score]) => [data.tagNames[tag], score])));
    spread(head, rows, ["related", "its score"], this.found.map((article) => data.related[article].map(([other, score]) => [idOf(other), score])));
    if (data.alsoRead) spread(head, rows, ["also read", "its readers"], this.found.map((article) => data.alsoRead[article].map(([other, readers]) => [idOf(other), readers])));
    download("articles", [head, ...rows]);
  }
}
