// Postkin: what to read next, told in the reader's own browser. Nothing leaves it.
"use strict";
(() => {
  const KEY = "postkin-read";
  const KEPT = 200; // posts are remembered, the newest last
  const HALF_LIFE = 3; // so many reads later a read counts for half as much

  // Where an address is on this site, however it is written; undefined if it is elsewhere.
  const placeOf = (address) => {
    try {
      const url = new URL(address, location.href);
      const path = decodeURI(url.pathname).replace(/(\/index)?(\.html?)?\/?$/, "");
      return url.origin === location.origin ? path : undefined;
    } catch {}
  };

  // The storage may be forbidden, full, or hold anything.
  const withStore = (use) => {
    try {
      return use(localStorage);
    } catch {}
  };
  const recall = () => {
    const found = withStore((store) => JSON.parse(store.getItem(KEY)));
    return Array.isArray(found) ? found.filter((place) => typeof place === "string") : [];
  };

  // Rows of address, title, language and vector, by place; the vectors become unit vectors.
  const readPosts = (rows) => {
    const posts = new Map();
    for (const [address, title, [language, code]] of rows) {
      const place = placeOf(address);
      const bytes = [...Int8Array.from(atob(code), (letter) => letter.charCodeAt())];
      const length = Math.sqrt(bytes.reduce((sum, value) => sum + value * value, 0));
      const vector = bytes.map((value) => value / length);
      if (place !== undefined && length) posts.set(place, { place, address, title, language, vector });
    }
    return posts;
  };

  // What was not read, by its likeness to the mean of what was.
  const rank = (posts, history) => {
    const mean = [];
    const read = history.filter((place) => posts.has(place)).reverse();
    read.forEach((place, later) =>
      posts.get(place).vector.forEach((value, at) => {
        mean[at] = (mean[at] ?? 0) + value * 0.5 ** (later / HALF_LIFE);
      }),
    );
    const score = ({ vector }) => mean.reduce((sum, value, at) => sum + value * vector[at], 0);
    return [...posts.values()]
      .filter(({ place }) => !history.includes(place))
      .map((post) => ({ ...post, score: score(post) }))
      .filter((post) => post.score > 0)
      .sort((a, b) => b.score - a.score || (a.place < b.place ? -1 : 1));
  };

  const linkTo = ({ address, title }) => {
    const item = document.createElement("li");
    const link = item.appendChild(document.createElement("a"));
    link.href = address;
    link.textContent = title || address;
    return item;
  };

  const start = async () => {
    const nav = document.querySelector("nav[data-postkin]");
    const [list, button] = [nav.querySelector("ul"), nav.querySelector("button")];
    const posts = readPosts(await (await fetch(nav.dataset.postkin)).json());
    const here = placeOf(location);
    const own = posts.get(here);
    const history = [...recall().filter((place) => place !== here), here].slice(-KEPT);
    if (own) withStore((store) => store.setItem(KEY, JSON.stringify(history)));
    const spoken = `${document.documentElement.lang.toLowerCase()}-`;
    const isReadable = ({ language }) =>
      own ? language === own.language : !language || spoken.startsWith(`${language}-`);
    const next = rank(posts, history).filter("anyLanguage" in nav.dataset ? Boolean : isReadable);
    list.replaceChildren(...next.slice(0, nav.dataset.count ?? 4).map(linkTo));
    nav.hidden = !next.length;
    button.onclick = () => {
      withStore((store) => store.removeItem(KEY));
      list.replaceChildren();
      const said = button.parentNode;
      said.textContent = button.dataset.done;
      said.tabIndex = -1; // the button that had the focus is gone
      said.focus();
    };
  };

  const begin = () => start().catch(() => {}); // where anything is missing nothing happens
  if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
  else begin();
})();
