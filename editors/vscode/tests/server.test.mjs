// The program that the extension starts, over the same protocol library.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import test from "node:test";

const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)("vscode-languageserver-protocol/node");
const binary = process.env.HAPROXY_LINT_BINARY;
const skip = binary ? false : "HAPROXY_LINT_BINARY names no program";

/** Starts the server, shows it one document, and gives the connection to `drive`. */
async function served(uri, text, drive) {
  const child = spawn(binary, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve, reject) => child.on("exit", resolve).on("error", reject));
  const server = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const published = new Promise((resolve) => server.onNotification("textDocument/publishDiagnostics", resolve));
  server.listen();
  try {
    const { capabilities } = await server.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
    await server.sendNotification("initialized", {});
    await server.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId: "haproxy", version: 1, text } });
    await drive({ server, capabilities, published });
    await server.sendRequest("shutdown");
    await server.sendNotification("exit");
    assert.equal(await ended, 0);
  } finally {
    child.kill();
    server.dispose();
  }
}

test("the server finds the mistakes of the example", { skip, timeout: 60_000 }, async () => {
  assert.ok(existsSync(binary), `there is no ${binary}`);
  const file = new URL("../../../examples/mistakes.cfg", import.meta.url);
  const text = readFileSync(file, "utf8");
  await served(file.href, text, async ({ server, capabilities, published }) => {
    for (const each of ["hoverProvider", "completionProvider", "renameProvider", "referencesProvider"]) assert.ok(capabilities[each], each);
    const { uri, diagnostics } = await published;
    assert.equal(uri, file.href);
    const row = text.split("\n").findIndex((line) => line.includes("default_backend apps"));
    const found = diagnostics.find(({ range }) => range.start.line === row);
    assert.equal(found.code, "reference/unknown-backend");
    const hover = await server.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line: row, character: 8 } });
    assert.match(JSON.stringify(hover.contents), /default_backend/);
  });
});
