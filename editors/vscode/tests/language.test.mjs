// What the editor knows of the language without the server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { section } from "../grammar/words.mjs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const { indentationRules, wordPattern } = JSON.parse(read("../language-configuration.json"));
const more = new RegExp(indentationRules.increaseIndentPattern);
const less = new RegExp(indentationRules.decreaseIndentPattern);
const sections = section.slice("(?:".length, -1).split("|");

test("the body of every section is a step deeper, and a header a step less deep", () => {
  assert.ok(sections.includes("global") && sections.length > 15);
  for (const each of sections) {
    for (const line of [each, `${each} name # why`, `    ${each}\t`]) {
      assert.match(line, more);
      assert.match(line, less);
    }
    for (const line of [`${each}s`, `${each}-x`, `server ${each}`, `# ${each}`]) {
      assert.doesNotMatch(line, more);
      assert.doesNotMatch(line, less);
    }
  }
});

test("conditions are steps, too", () => {
  for (const line of [".if defined(A)", ".elif 1", ".else"]) assert.match(line, more);
  for (const line of [".elif 1", ".else", "  .endif"]) assert.match(line, less);
  for (const line of [".endif", ".notice x", ".iffy"]) assert.doesNotMatch(line, more);
  assert.doesNotMatch(".if 1", less);
});

test("a word is a whole keyword or name", () => {
  const words = "http-request set-header x %[req.hdr(host)] if is_app-1".match(new RegExp(wordPattern, "g"));
  assert.deepEqual(words, ["http-request", "set-header", "x", "req.hdr", "host", "if", "is_app-1"]);
});

test("the versions are those of the program, and the lock names no registry", () => {
  const version = read("../../../Cargo.toml").match(/\[workspace\.package\]\s+version = "([^"]+)"/)[1];
  assert.equal(JSON.parse(read("../package.json")).version, version);
  assert.doesNotMatch(read("../package-lock.json"), /"resolved"/);
});

test("nobody else's workspace names the program", () => {
  const { capabilities, contributes } = JSON.parse(read("../package.json"));
  assert.equal(capabilities.untrustedWorkspaces.supported, "limited");
  assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, ["haproxyLint.path"]);
  assert.equal(contributes.configuration.properties["haproxyLint.path"].scope, "machine-overridable");
});
