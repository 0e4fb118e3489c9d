// The packages: what is in them, and that the bundle is whole.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import yauzl from "yauzl";
import { make } from "../package.mjs";

const place = mkdtempSync(join(tmpdir(), "vsix-"));
test.after(() => rmSync(place, { recursive: true }));

/** The names in an archive, with the rights of each file. */
async function contents(file) {
  const archive = await promisify(yauzl.open)(file);
  const found = new Map();
  archive.on("entry", (entry) => found.set(entry.fileName, (entry.externalFileAttributes >>> 16) & 0o777));
  await new Promise((resolve, reject) => archive.on("end", resolve).on("error", reject));
  return found;
}

const always = [
  "[Content_Types].xml",
  "extension.vsixmanifest",
  "extension/LICENSE.txt",
  "extension/language-configuration.json",
  "extension/out/extension.js",
  "extension/out/licences.txt",
  "extension/package.json",
  "extension/readme.md",
  "extension/syntaxes/haproxy.tmLanguage.json",
];

test("a package for one platform brings the program", async () => {
  const binary = join(place, "built");
  writeFileSync(binary, "not really");
  const found = await contents(await make({ target: "linux-x64", binary, to: join(place, "one.vsix") }));
  assert.deepEqual([...found.keys()].sort(), [...always, "extension/bin/haproxy-lint"].sort());
  assert.equal(found.get("extension/bin/haproxy-lint"), 0o755);
});

test("one for all brings none", async () => {
  const found = await contents(await make({ to: join(place, "all.vsix") }));
  assert.deepEqual([...found.keys()].sort(), [...always].sort());
  await assert.rejects(make({ target: "linux-x64" }), /go together/);
});

test("the bundle needs nothing but VS Code", () => {
  const source = readFileSync(new URL("../out/extension.js", import.meta.url), "utf8");
  const needed = new Set([...source.matchAll(/\brequire\("([^"]+)"\)/g)].map((found) => found[1]));
  const foreign = [...needed].filter((name) => name !== "vscode" && !Module.isBuiltin(name));
  assert.deepEqual(foreign, []);
  assert.ok(needed.has("vscode"));
});
