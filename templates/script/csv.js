// Tables as CSV: what a spreadsheet would take for a formula is made text.
const csvCell = (value) => {
  const text = String(value).replace(/[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
  return `"${(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

const csvText = (rows) => `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;

const download = (name, rows) => {
  const url = URL.createObjectURL(new Blob([csvText(rows)], { type: "text/csv;charset=utf-8" }));
  const link = make("a", { href: url, download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};

const cellText = (cell) => {
  const items = Array.from(cell.querySelectorAll("li"), (item) => item.textContent.trim());
  if (!items.length) return cell.textContent;
  const beside = Array.from(cell.querySelectorAll(":scope > :not(ul, ol)"), (other) => other.textContent.trim());
  return [...items, ...beside].join("; ");
};

// The articles that a row mentions, by their ids: titles may be alike.
const idsIn = (row, data) => Array.from(row.querySelectorAll("[data-article]"), (link) =>
  data.id[Number(link.dataset.article) - 1]).join("; ");

const tableRows = (root, data) => Array.from(root.querySelectorAll("table"), (table, place) =>
  Array.from(table.rows).filter((row) => !place || !row.closest("thead")).map((row) =>
    [...Array.from(row.cells, cellText), row.closest("thead") ? "id" : idsIn(row, data)]),
).flat();

const setUpCsv = (data) => {
  for (const button of document.querySelectorAll("[data-csv-for]")) {
    const root = document.getElementById(button.dataset.csvFor);
    button.addEventListener("click", () => download(button.dataset.csvFor, tableRows(root, data)));
    button.hidden = false;
  }
};
