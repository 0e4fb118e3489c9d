// The words of the grammar that form a closed list. They come from where the linter has them, so that there is one list.
import { readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");

/** The first word of each line of a table of the catalog. */
function keywords(table) {
  const lines = read(`src/catalog/data/${table}.sig`).split("\n");
  return lines.filter((line) => /^[a-z0-9]/.test(line)).map((line) => line.match(/^[a-z0-9.-]+/)[0]);
}

/** The sections of a configuration. */
function sections() {
  return [...read("src/syntax/section.rs").matchAll(/^\s*section\("([^"]+)"/gm)].map((found) => found[1]);
}

/** The names behind `%` in log formats. */
function aliases() {
  const lines = read("src/expression/data/aliases.txt").split("\n");
  return lines.filter((line) => /^[A-Za-z]+:/.test(line)).map((line) => line.match(/^[A-Za-z]+/)[0]);
}

/** A pattern for any of some words; the longest are tried first. */
function any(words) {
  const longestFirst = [...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return `(?:${longestFirst.map((word) => word.replace(/[.+*]/g, "\\$&")).join("|")})`;
}

export const section = any(sections());
export const alias = any(aliases());
export const serverWord = any(keywords("server"));
export const bindWord = any(keywords("bind"));
