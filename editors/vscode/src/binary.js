// Which program is the language server. Nothing here knows VS Code, and nothing is run.
"use strict";

const path = require("node:path");

/**
 * Finds the program: what the user has set, or else what came with the extension, or else what PATH has.
 *
 * A setting goes first, because one that the extension outvotes would be none. In a workspace that is not trusted nothing that
 * stands in the workspace is run: its settings are not asked, and programs below its folders are passed over wherever they were named.
 *
 * @param {object} known what is known:
 *   `set` (what the user's own settings say), `setHere` (what the workspace's say), `trusted`, `folders` (of the workspace),
 *   `bundled` (the folder that programs come in), `path` (the variable), `home`, `platform`, `isProgram(file)`, and `real(file)` without links.
 * @returns {{file: string, from: "setting" | "extension" | "PATH"} | {why: string}} the program, or what is wrong
 */
function choose(known) {
  const { trusted, platform } = known;
  const wanted = ((trusted && known.setHere) || known.set || "").trim();
  const style = platform === "win32" ? path.win32 : path.posix;
  const strange = (file) => [file, known.real(file)].some((place) => isBelow(place, known.folders, style));
  const may = (file) => known.isProgram(file) && (trusted || !strange(file));
  if (wanted !== "") return named(wanted, known, style, may);
  const bundled = style.join(known.bundled, program("haproxy-lint", platform));
  if (known.isProgram(bundled)) return { file: bundled, from: "extension" };
  const found = search("haproxy-lint", known, style).find(may);
  return found ? { file: found, from: "PATH" } : { why: "`haproxy-lint` did not come with the extension and is not in PATH" };
}

/** What a setting names: a path that is absolute or below the home, or a name to look for in PATH. */
function named(wanted, known, style, may) {
  const file = wanted.replace(/^~(?=[/\\])/, () => known.home);
  if (style.isAbsolute(file)) {
    return may(file) ? { file, from: "setting" } : { why: `\`haproxyLint.path\` is ${wanted}, which is no program that may be run here` };
  }
  if (/[/\\]/.test(file)) {
    return { why: `\`haproxyLint.path\` is ${wanted}: it must be an absolute path, begin with \`~/\` or be a name that is in PATH` };
  }
  const found = search(file, known, style).find(may);
  return found ? { file: found, from: "setting" } : { why: `\`haproxyLint.path\` is ${wanted}, which is not in PATH` };
}

/** Where PATH may have a program. Folders that depend on where one stands are left out. */
function search(name, known, style) {
  const folders = (known.path || "").split(style.delimiter).filter((folder) => style.isAbsolute(folder));
  return folders.map((folder) => style.join(folder, program(name, known.platform)));
}

/** What the file of a program is called. */
function program(name, platform) {
  return platform === "win32" && !/\.exe$/i.test(name) ? `${name}.exe` : name;
}

/** Whether a file is below one of some folders. */
function isBelow(file, folders, style) {
  return folders.some((folder) => {
    const way = style.relative(folder, file);
    return way !== "" && way !== ".." && !way.startsWith(`..${style.sep}`) && !style.isAbsolute(way);
  });
}

module.exports = { choose };
