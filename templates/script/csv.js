// Lists as CSV: what a spreadsheet would take for a formula is made text.
const csvCell = (value) => {
  const text = String(value).replace(/(?! )[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ").trim();
  return `"${(/^[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) && !/^-?[\d.]+$/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

const csvText = (rows) => `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;

// Gives each row columns for the most values that any has, one value a cell: "tag 1", "tag 2" and so on.
const spread = (head, rows, names, values) => {
  const most = values.reduce((longest, { length }) => Math.max(longest, length), 0);
  for (let place = 0; place < most; place += 1) {
    head.push(...names.map((name) => `${name} ${place + 1}`));
    rows.forEach((row, at) => row.push(...(values[at][place] ?? names.map(() => ""))));
  }
};

const download = (name, rows) => {
  const url = URL.createObjectURL(new Blob([csvText(rows)], { type: "text/csv;charset=utf-8" }));
  const link = make("a", { href: url, download: `${name}.csv` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
};

// An article by its title and its id: titles may be alike. One that is known by nothing but its id has that for both.
const articleCells = (data, article) => isKnown(article) ? [data.title[article], data.id[article]] : [article, article];

const listRows = (data, { columns, rows }) => [
  columns.flatMap(([name, ofArticles]) => ofArticles ? [name, `${name} (id)`] : [name]),
  ...rows.map((row) => row.flatMap((cell, place) => columns[place][1] ? articleCells(data, cell) : [cell])),
];

const setUpCsv = (data) => {
  for (const button of document.querySelectorAll("[data-csv-for]")) {
    const name = button.dataset.csvFor;
    button.addEventListener("click", () => download(name, listRows(data, data.lists[name])));
    button.hidden = !data.lists[name];
  }
};
