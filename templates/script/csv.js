// Tables as CSV: what a spreadsheet would take for a formula is made text.
const csvCell = (value) => {
  const text = String(value).replace(/\s+/g, " ").trim();
  return `"${(/^[=+\-@\t]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

const csvText = (rows) => `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;

const download = (name, rows) => {
  const url = URL.createObjectURL(new Blob([csvText(rows)], { type: "text/csv;charset=utf-8" }));
  const link = make("a", { href: url, download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};

const cellText = (cell) => {
  const items = cell.querySelectorAll("li");
  return items.length ? Array.from(items, (item) => item.textContent.trim()).join("; ") : cell.textContent;
};

const tableRows = (root) => Array.from(root.querySelectorAll("table"), (table, place) =>
  Array.from(table.rows).filter((row) => !place || !row.closest("thead")).map((row) => Array.from(row.cells, cellText)),
).flat();

const setUpCsv = () => {
  for (const button of document.querySelectorAll("[data-csv-for]")) {
    const root = document.getElementById(button.dataset.csvFor);
    button.addEventListener("click", () => download(button.dataset.csvFor, tableRows(root)));
    button.hidden = false;
  }
};
