// Starts the language server where a haproxy.cfg is shown, and stops it. All else is for the server to say.
"use strict";

const fs = require("node:fs");
const os = require("node:os");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { choose } = require("./binary.js");

let client;
/** What the client was started with. */
let current;
/** Starts and stops come one after the other. */
let last = Promise.resolve();

/** Whether a file can be run, as far as one sees from outside. */
function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The real place of a file or folder, so that a link does not hide it. */
function real(file) {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}

function decision(context) {
  const set = vscode.workspace.getConfiguration("haproxyLint").inspect("path");
  const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === "file").map((folder) => folder.uri.fsPath);
  return choose({
    set: set?.globalValue,
    setHere: set?.workspaceFolderValue ?? set?.workspaceValue,
    trusted: vscode.workspace.isTrusted,
    folders: folders.flatMap((folder) => [folder, real(folder)]),
    bundled: context.asAbsolutePath("bin"),
    path: process.env.PATH,
    home: os.homedir(),
    platform: process.platform,
    isProgram,
    real,
  });
}

/** What the server is told of: configurations, and manifests that may hold some. */
function documents() {
  const languages = ["haproxy"];
  if (vscode.workspace.getConfiguration("haproxyLint").get("manifests")) languages.push("yaml", "dockercompose");
  return languages.flatMap((language) => ["file", "untitled"].map((scheme) => ({ language, scheme })));
}

async function start(found, selector) {
  // Nobody waits for the answer to a message.
  if (!found.file) return void complain(found.why);
  // Where the server stands does not matter to it, so that it does not stand in a folder of somebody else.
  const server = { command: found.file, args: ["lsp"], options: { cwd: os.homedir() } };
  client = new LanguageClient("haproxyLint", "haproxy-lint", server, { documentSelector: selector });
  client.info(`${found.file} (from ${found.from})`);
  await client.start().catch((error) => void complain(`${found.file} did not start: ${error.message}`));
}

async function stop() {
  const old = client;
  client = undefined;
  await old?.dispose().catch(() => {});
}

/** Starts the server anew if that changes anything, or if `asked` to. */
function refresh(context, asked = false) {
  last = last.then(async () => {
    const [found, selector] = [decision(context), documents()];
    const wanted = JSON.stringify([found, selector]);
    if (!asked && wanted === current) return;
    current = wanted;
    await stop();
    await start(found, selector);
  });
  return last;
}

async function complain(why) {
  const settings = "Open the settings";
  const answer = await vscode.window.showWarningMessage(`haproxy-lint: ${why}. Colours work without it, checks do not.`, settings);
  if (answer === settings) await vscode.commands.executeCommand("workbench.action.openSettings", "haproxyLint.path");
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("haproxyLint.restart", () => refresh(context, true)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => refresh(context)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("haproxyLint")) refresh(context);
    }),
  );
  await refresh(context);
}

function deactivate() {
  last = last.then(stop);
  return last;
}

module.exports = { activate, deactivate };
