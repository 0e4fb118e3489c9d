// What the grammar says of a text, as lines that a person can read.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const path = new URL("../syntaxes/haproxy.tmLanguage.json", import.meta.url);
const engine = createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm");

/** The grammar, ready to use. */
export async function load() {
  await oniguruma.loadWASM(readFileSync(engine).buffer);
  const onigLib = Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  });
  const registry = new textmate.Registry({ onigLib, loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, "utf8"), path.pathname) });
  return registry.loadGrammar("source.haproxy");
}

/** The lines of a text, each with its parts and the scopes of each. */
export function* lines(grammar, text) {
  let state = textmate.INITIAL;
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const read = grammar.tokenizeLine(line, state);
    state = read.ruleStack;
    const parts = read.tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scopes: scopes.slice(1).map((scope) => scope.replace(/\.haproxy$/, "")),
    }));
    yield { line, parts, depth: state.depth };
  }
}

/** A text with what its parts are below each line. Blanks and what has no scope are left out. */
export function shown(grammar, text) {
  const told = [];
  for (const { line, parts } of lines(grammar, text)) {
    told.push(`> ${line}`);
    for (const part of parts) {
      if (part.text.trim() !== "" && part.scopes.length > 0) told.push(`    ${part.text.trim()} · ${part.scopes.join(" ")}`);
    }
  }
  return `${told.join("\n")}\n`;
}
