// The grammar over the examples of the project and over our own cases, as snapshots. `UPDATE=1 npm test` writes them.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import test from "node:test";
import { lines, load, shown } from "./tokens.mjs";

const folders = [new URL("../../../examples/", import.meta.url), new URL("cases/", import.meta.url)];
const files = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith(".cfg")).map((name) => new URL(name, folder)));
const snapshots = new URL("snapshots/", import.meta.url);
const grammar = await load();
const name = (file) => `${file.pathname.split("/").at(-1)}.txt`;

for (const file of files) {
  test(`the grammar over ${name(file)}`, () => {
    const told = shown(grammar, readFileSync(file, "utf8"));
    const snapshot = new URL(name(file), snapshots);
    if (process.env.UPDATE || (!existsSync(snapshot) && !process.env.CI)) writeFileSync(snapshot, told);
    assert.equal(told, readFileSync(snapshot, "utf8"));
  });
}

test("there is no snapshot of a file that is gone", () => {
  assert.deepEqual(readdirSync(snapshots).sort(), files.map(name).sort());
});

test("no line leaks into the next, whatever stands in it", () => {
  const begun = [...'"\'%[(${\\', "if { ", "%[src,", "acl a hdr(", ".if defined(", "${A-", "server a 1.1.1.1:1 sni str("];
  const text = begun.flatMap((first) => begun.map((second) => `    http-request x ${first}${second} a`)).concat(begun).join("\n");
  for (const { line, depth } of lines(grammar, text)) assert.equal(depth, 1, line);
});
