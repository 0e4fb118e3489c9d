// Writes the grammar; with `--check` it only says whether it is as it would be written.
import { readFileSync, writeFileSync } from "node:fs";
import { grammar } from "./haproxy.mjs";

const path = new URL("../syntaxes/haproxy.tmLanguage.json", import.meta.url);
const text = `${JSON.stringify(grammar, null, 2)}\n`;
if (!process.argv.includes("--check")) {
  writeFileSync(path, text);
} else if (readFileSync(path, "utf8") !== text) {
  console.error("syntaxes/haproxy.tmLanguage.json is not what the catalog says: run `npm run grammar`");
  process.exit(1);
}
