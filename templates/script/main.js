// What happens when the page is there.
const setUpRoutes = (table) => {
  const follow = () => {
    const route = readRoute();
    if (route) {
      table.change(route, false);
      const article = table.data.id.indexOf(route.article);
      if (article >= 0) table.focus(article);
      else document.getElementById("articles").scrollIntoView();
      return;
    }
    const anchor = /^#article-(\d+)$/.exec(location.hash);
    if (anchor && Number(anchor[1]) <= table.all.length) table.show(Number(anchor[1]) - 1);
  };
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#article-"]');
    if (!link) return;
    event.preventDefault();
    history.pushState(null, "", link.getAttribute("href"));
    follow();
  });
  follow();
};

// Articles that have no row in the page as it was written are links only where there is a script to follow them.
const linkMentions = () => {
  for (const mention of document.querySelectorAll("span[data-article]")) {
    const link = make("a", { href: `#article-${mention.dataset.article}`, dir: "auto" }, mention.textContent);
    mention.replaceWith(link);
  }
};

const whenIdle = (work) => {
  if (window.requestIdleCallback) requestIdleCallback(work, { timeout: 500 });
  else setTimeout(work, 50);
};

document.addEventListener("DOMContentLoaded", async () => {
  messages = JSON.parse(document.getElementById("messages").textContent);
  let map = null;
  setUpColorScheme(() => map?.paint());
  setUpContents();
  const packed = document.getElementById("data");
  if (!packed) return;
  const data = JSON.parse(await inflate("data"));
  const table = document.getElementById("article-table") && new ArticleTable(data);
  if (!table) return;
  table.change({}, false);
  document.getElementById("filter").hidden = false;
  linkMentions();
  setUpCsv(data);
  setUpRoutes(table);
  if (!document.getElementById("map-canvas")) return;
  const open = (article) => {
    history.pushState(null, "", `#${anchorOf(article)}`); // so that going back leads to the map again
    table.show(article);
  };
  whenIdle(async () => { map = await drawMap(data, open); });
});
