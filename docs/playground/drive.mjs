// Opens the page in a headless Chromium and uses it: what it finds in the example, in what is typed, and a layout.
// node --experimental-websocket docs/playground/drive.mjs [PICTURE.png]; node 22 needs no flag. CHROMIUM names the program where it is
// called otherwise.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const profile = mkdtempSync(join(tmpdir(), "playground-"));
const words = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "about:blank"];
const browser = spawn(process.env.CHROMIUM ?? "chromium", words, { stdio: ["ignore", "ignore", "pipe"] });

const address = await new Promise((resolve) => {
  let said = "";
  browser.stderr.on("data", (part) => {
    said += part;
    const found = said.match(/DevTools listening on (ws:\S+)/);
    if (found) resolve(found[1]);
  });
});

const { host } = new URL(address);
const pages = await (await fetch(`http://${host}/json`)).json();
const socket = new WebSocket(pages.find((page) => page.type === "page").webSocketDebuggerUrl);
await new Promise((resolve) => socket.addEventListener("open", resolve));
let count = 0;
const waiting = new Map();
socket.addEventListener("message", ({ data }) => {
  const { id, result, error } = JSON.parse(data);
  if (id) waiting.get(id)(error ? Promise.reject(new Error(error.message)) : result);
});
const ask = (method, params = {}) =>
  new Promise((resolve) => {
    waiting.set(++count, resolve);
    socket.send(JSON.stringify({ id: count, method, params }));
  });
const evaluate = async (expression) => {
  const { result, exceptionDetails } = await ask("Runtime.evaluate", { expression, returnByValue: true, awaitPromise: true });
  assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
  return result.value;
};
/** Waits until an expression holds. */
const until = async (expression) => {
  for (let tries = 0; tries < 600; tries++) {
    if (await evaluate(expression)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${expression}: ${await evaluate("document.body.innerText")}`);
};
const type = (text) =>
  evaluate(`{ const text = document.getElementById("text"); text.value = ${JSON.stringify(text)}; text.dispatchEvent(new Event("input")); }`);

try {
  await ask("Page.enable");
  await ask("Page.navigate", { url: new URL("index.html", import.meta.url).href });
  await until(`document.querySelectorAll("#found li").length > 0`);
  const found = await evaluate(`document.getElementById("found").innerText`);
  assert.match(found, /did you mean `check`/);
  assert.match(found, /reference\/unknown-backend/);
  console.log(await evaluate(`document.getElementById("state").value`));
  if (process.argv[2]) {
    await ask("Emulation.setDeviceMetricsOverride", { width: 1200, height: 700, deviceScaleFactor: 1, mobile: false });
    const { data } = await ask("Page.captureScreenshot");
    writeFileSync(process.argv[2], Buffer.from(data, "base64"));
  }
  await type("backend app\n    mode http\n    timeout connect 3s\n    timeout server 3s\n    server a 10.0.0.1:80 chekc <b>x</b>\n");
  await until(`/chekc/.test(document.getElementById("found").innerText)`);
  assert.equal(await evaluate(`document.querySelectorAll("#found b").length`), 0, "nothing of a configuration is markup");
  await evaluate(`document.querySelector("#found li").click()`);
  assert.ok((await evaluate(`document.getElementById("text").selectionStart`)) > 0);
  await type("global\n maxconn   10\n");
  await evaluate(`document.getElementById("format").click()`);
  await until(`document.getElementById("text").value === "global\\n maxconn 10\\n"`);
  await type("global\n {% if x %}\n");
  await evaluate(`document.getElementById("format").click()`);
  await until(`/template/.test(document.getElementById("state").value)`);
  console.log("the page checks what is typed, lays it out, and says why it cannot");
} finally {
  socket.close();
  browser.kill();
  await new Promise((resolve) => browser.on("exit", resolve));
  rmSync(profile, { recursive: true, force: true });
}
