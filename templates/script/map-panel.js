// What stands beside the map of the post that is selected there.
const panelOf = (data, article, select) => {
  const theme = data.themes[data.theme[article]];
  const title = data.url[article]
    ? make("a", { href: data.url[article], dir: "auto" }, data.title[article])
    : make("span", { dir: "auto" }, data.title[article]);
  const about = make("p", { class: "size" }, data.day[article]);
  if (theme) about.append(" ", make("a", { class: `theme c${theme[2]} r${theme[3]}`, href: `#${theme[1]}`, dir: "auto" }, theme[0]));
  const tags = data.tags[article].map((tag) => data.tagNames[tag]);
  const parts = [make("h3", {}, title), about];
  if (tags.length) parts.push(make("ul", { class: "tags" }, ...tags.map((tag) => make("li", {}, make("a", { class: "tag", href: `#tag=${encodeURIComponent(tag)}`, dir: "auto" }, tag)))));
  const edit = editUrlOf(data, article);
  parts.push(make(
    "p", { class: "go" },
    ...(data.url[article] ? [make("a", { href: data.url[article] }, say("open"))] : []),
    ...(edit ? [make("a", { href: edit }, say("toEdit"))] : []),
    make("a", { href: `#${anchorOf(article)}` }, say("inTable")),
  ));
  const related = data.related[article].filter(([,,, featured]) => !featured);
  if (related.length) {
    parts.push(make("h4", {}, say("related")), make("ol", { class: "posts" }, ...related.map(([other]) => {
      if (!isKnown(other)) return make("li", { dir: "auto" }, other);
      const button = make("button", { type: "button", dir: "auto" }, data.title[other]);
      button.addEventListener("click", () => select(other));
      return make("li", {}, button, " ", make("i", {}, data.day[other]));
    })));
  }
  return parts;
};

// What stands beside the pointer of the post that it points at.
const tipOf = (data, article) => {
  const tags = data.tags[article].map((tag) => data.tagNames[tag]).join(", ");
  const nearest = data.related[article].filter(([,,, featured]) => !featured).slice(0, 3).map(([other]) => make("li", { dir: "auto" }, isKnown(other) ? data.title[other] : other));
  return [
    make("strong", { dir: "auto" }, data.title[article]),
    make("p", {}, [data.day[article], tags].filter(Boolean).join(" · ")),
    ...(nearest.length ? [make("p", {}, say("nearest")), make("ol", {}, ...nearest)] : []),
  ];
};
