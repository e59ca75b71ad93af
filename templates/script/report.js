(() => {
  "use strict";
  const KEY = "postkin-theme";
  const root = document.documentElement;

  // A page opened from disk may have no storage.
  const recall = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (theme) => { try { localStorage.setItem(KEY, theme); } catch { /* not remembered */ } };

  const saved = recall();
  if (saved === "light" || saved === "dark") root.dataset.theme = saved;

  const setUpSwitch = () => {
    const button = document.getElementById("theme-switch");
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const current = () => root.dataset.theme || (dark.matches ? "dark" : "light");
    const label = () => { button.textContent = current() === "dark" ? "Light theme" : "Dark theme"; };
    button.addEventListener("click", () => {
      root.dataset.theme = current() === "dark" ? "light" : "dark";
      remember(root.dataset.theme);
      label();
    });
    dark.addEventListener("change", label);
    label();
    button.hidden = false;
  };

  const setUpFilter = () => {
    const table = document.getElementById("article-table");
    if (!table) return;
    const input = document.getElementById("filter-text");
    const output = document.getElementById("filter-count");
    const fold = (text) => text.normalize("NFKC").toLowerCase();
    const rows = Array.from(table.tBodies[0].rows);
    let texts = null;
    const apply = () => {
      texts ??= rows.map((row) => fold(`${row.cells[0].textContent} ${row.cells[1].textContent}`));
      const words = fold(input.value).split(/\s+/).filter(Boolean);
      let found = 0;
      rows.forEach((row, place) => {
        row.hidden = !words.every((word) => texts[place].includes(word));
        found += row.hidden ? 0 : 1;
      });
      output.value = words.length ? `${found.toLocaleString("en")} of ${rows.length.toLocaleString("en")} posts` : "";
    };
    input.addEventListener("input", apply);
    // A link to a row that the filter hides shows all rows again.
    addEventListener("hashchange", () => {
      const target = document.getElementById(location.hash.slice(1));
      if (!target || !target.hidden || !rows.includes(target)) return;
      input.value = "";
      apply();
      target.scrollIntoView();
    });
    document.getElementById("filter").hidden = false;
    if (input.value) apply();
  };

  document.addEventListener("DOMContentLoaded", () => {
    setUpSwitch();
    setUpFilter();
  });
})();
