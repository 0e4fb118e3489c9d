// Which program is run.
import assert from "node:assert/strict";
import test from "node:test";
import binary from "../src/binary.js";

/** What is chosen where some programs are there. */
function chosen(programs, known = {}) {
  return binary.choose({
    set: undefined,
    setHere: undefined,
    trusted: true,
    folders: ["/srv/shop"],
    bundled: "/ext/bin",
    path: "/usr/local/bin:/usr/bin",
    home: "/home/ann",
    platform: "linux",
    isProgram: (file) => programs.includes(file),
    real: (file) => file,
    ...known,
  });
}

const bundled = "/ext/bin/haproxy-lint";
const inPath = "/usr/bin/haproxy-lint";
const hers = "/home/ann/lint";
const theirs = "/srv/shop/tools/haproxy-lint";

test("the setting goes before the package, and that before PATH", () => {
  const all = [bundled, inPath, hers];
  assert.deepEqual(chosen(all, { set: hers }), { file: hers, from: "setting" });
  assert.deepEqual(chosen(all, { set: "  " }), { file: bundled, from: "extension" });
  assert.deepEqual(chosen(all), { file: bundled, from: "extension" });
  assert.deepEqual(chosen([inPath]), { file: inPath, from: "PATH" });
  assert.match(chosen([]).why, /not in PATH/);
});

test("PATH is gone through in its order, and only where it does not depend on the working directory", () => {
  const local = "/usr/local/bin/haproxy-lint";
  assert.equal(chosen([inPath, local]).file, local);
  assert.match(chosen(["haproxy-lint", "bin/haproxy-lint", "./haproxy-lint"], { path: ":.:bin:" }).why, /not in PATH/);
  assert.match(chosen([], { path: undefined }).why, /not in PATH/);
});

test("a setting is a path, one below the home, or a name in PATH", () => {
  assert.equal(chosen([hers], { set: "~/lint" }).file, hers);
  assert.deepEqual(chosen(["/usr/bin/hl"], { set: "hl" }), { file: "/usr/bin/hl", from: "setting" });
  assert.match(chosen([inPath], { set: "hl" }).why, /hl, which is not in PATH/);
  assert.match(chosen([theirs], { set: "./tools/haproxy-lint" }).why, /absolute/);
});

test("a setting that names nothing is told, and nothing else is taken in its place", () => {
  assert.match(chosen([bundled, inPath], { set: hers }).why, /no program/);
});

test("the workspace names a program only where it is trusted", () => {
  const all = [bundled, hers, theirs];
  assert.equal(chosen(all, { set: hers, setHere: theirs }).file, theirs);
  assert.equal(chosen(all, { set: hers, setHere: theirs, trusted: false }).file, hers);
  assert.equal(chosen(all, { setHere: theirs, trusted: false }).file, bundled);
});

test("what stands in a workspace that is not trusted is not run, whoever names it", () => {
  const bad = { trusted: false, path: "/srv/shop/tools:/usr/bin" };
  assert.deepEqual(chosen([theirs, inPath], bad), { file: inPath, from: "PATH" });
  assert.match(chosen([theirs], bad).why, /not in PATH/);
  assert.match(chosen([theirs], { trusted: false, set: theirs }).why, /may be run here/);
  assert.match(chosen(["/srv/shop/../shop/tools/haproxy-lint"], { trusted: false, set: "/srv/shop/../shop/tools/haproxy-lint" }).why, /may be run here/);
  // A link that leads there.
  const real = (file) => (file === inPath ? theirs : file);
  assert.match(chosen([inPath], { trusted: false, real }).why, /not in PATH/);
  // Beside the folder is not in it.
  assert.equal(chosen(["/srv/shop-tools/hl"], { trusted: false, set: "/srv/shop-tools/hl" }).file, "/srv/shop-tools/hl");
  // Where it is trusted all this is fine.
  assert.deepEqual(chosen([theirs, inPath], { ...bad, trusted: true }), { file: theirs, from: "PATH" });
});

test("on Windows programs end in .exe, and PATH has other signs", () => {
  const file = "C:\\Tools\\haproxy-lint.exe";
  const windows = { platform: "win32", path: "tools;C:\\Tools", bundled: "C:\\ext\\bin", folders: ["C:\\work"], home: "C:\\Users\\ann" };
  assert.deepEqual(chosen([file], windows), { file, from: "PATH" });
  assert.deepEqual(chosen(["C:\\ext\\bin\\haproxy-lint.exe", file], windows).from, "extension");
  assert.equal(chosen(["C:\\Tools\\hl.exe"], { ...windows, set: "hl.exe" }).file, "C:\\Tools\\hl.exe");
  assert.match(chosen(["C:\\WORK\\hl.exe"], { ...windows, trusted: false, set: "C:\\WORK\\hl.exe" }).why, /may be run here/);
});
