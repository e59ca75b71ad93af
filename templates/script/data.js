// What the page carries packed, and how it speaks.
const inflate = async (id) => {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
};

let messages = {};
const say = (key, values = {}) => messages[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = (value) => value.toLocaleString(document.documentElement.lang);
const fold = (text) => text.normalize("NFKC").toLowerCase();
const wordsOf = (text) => fold(text).split(/\s+/).filter(Boolean);

// An element with its attributes and children; texts stay texts.
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

// A related article is known by its number, or by nothing but its id.
const isKnown = (article) => typeof article === "number";

// Where an article is edited; null where that is not known.
const editUrlOf = (data, article) => data.edit
  ? data.edit.replace("{path}", data.path[article].split("/").map(encodeURIComponent).join("/"))
  : null;

// A pen that leads there.
const penOf = (data, article) => {
  const href = editUrlOf(data, article);
  return href ? ["\u00a0", make("a", { class: "pen", href, "aria-label": say("edit", { title: data.title[article] }) })] : [];
};

// An article by its title: it opens the live page where that is known, else its row.
const mentionOf = (data, article) => make("a", {
  href: data.url[article] || `#${anchorOf(article)}`, "data-article": article + 1, dir: "auto",
}, data.title[article]);

const anchorOf = (article) => `article-${article + 1}`;
