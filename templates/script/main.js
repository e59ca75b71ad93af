// What happens when the page is there.
const setUpRoutes = (table) => {
  const follow = () => {
    const route = readRoute();
    if (route) {
      table.change({ ...NO_FILTER, ...route }, false);
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

// Titles open live pages, and have pens, where these are known. Without a script, those that have a row lead there.
const linkMentions = (data) => {
  for (const mention of document.querySelectorAll('span[data-article], a[href^="#article-"]:not([data-article])')) {
    const article = Number(mention.dataset.article ?? mention.hash.replace("#article-", "")) - 1;
    const link = mentionOf(data, article);
    mention.replaceWith(data.edit ? make("span", { class: "mention" }, link, ...penOf(data, article)) : link);
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
  linkMentions(data);
  setUpCsv(data);
  setUpRoutes(table);
  if (!document.getElementById("map-canvas")) return;
  whenIdle(() => { map = drawMap(data, table); });
});
