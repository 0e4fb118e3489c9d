// Makes the .vsix: `npm run package` for one without a program, which looks for `haproxy-lint` in PATH, and
// `npm run package -- --target linux-x64 --binary PATH` for one that brings it.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));

/** The folders of the packages that a bundle is made of. */
function packages(metafile) {
  const folders = Object.keys(metafile.inputs).map((file) => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]);
  return [...new Set(folders.filter(Boolean))].sort();
}

/** The licence of a package, in its own words. */
function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
  const file = readdirSync(join(here, folder)).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${name} has no file with its licence`);
  if (!["MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "BlueOak-1.0.0"].includes(license)) throw new Error(`${name} is under ${license}`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(here, folder, file), "utf8").trim()}\n`;
}

/** One file of the extension and all that it uses, and what that is under. */
async function bundle() {
  const { metafile } = await build({
    absWorkingDir: here,
    entryPoints: ["src/extension.js"],
    outfile: "out/extension.js",
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  });
  writeFileSync(join(here, "out/licences.txt"), packages(metafile).map(licence).join(`\n${"-".repeat(80)}\n\n`));
}

/** The program that the extension brings. */
function bring(binary, target) {
  const name = target.startsWith("win32") ? "haproxy-lint.exe" : "haproxy-lint";
  mkdirSync(join(here, "bin"));
  copyFileSync(binary, join(here, "bin", name));
  chmodSync(join(here, "bin", name), 0o755);
}

/** Makes the package, and says where it is. */
export async function make({ target, binary, to } = {}) {
  if (!target !== !binary) throw new Error("--target and --binary go together: the package is for the machines that the program runs on");
  for (const old of ["out", "bin"]) rmSync(join(here, old), { recursive: true, force: true });
  await bundle();
  if (binary) bring(binary, target);
  copyFileSync(join(here, "../../LICENSE-MIT"), join(here, "LICENSE.txt"));
  const packagePath = to ?? join(here, target ? `haproxy-lint-${target}.vsix` : "haproxy-lint.vsix");
  await createVSIX({ cwd: here, dependencies: false, packagePath, target });
  return packagePath;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { target: { type: "string" }, binary: { type: "string" }, to: { type: "string" } } });
  console.log(await make(values));
}
