// Runs the program, which is one for WASI, and shows what it finds. No library, no server, nothing from elsewhere.
"use strict";

const EXAMPLE = `global
    maxconn 20000

defaults
    mode http
    timeout client 30s
    timeout connect 5s

frontend web
    bind :80
    acl inside src 10.0.0.0/8
    http-request deny if ! inside { path_beg /admin }
    use_backend app if { hdr(host) -i app.example.com }
    default_backend ap

backend app
    balance roundrobin
    server one 10.0.0.11:8080 chekc inter 2s
`;

/** Bytes of text, and the other way. */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What WASI answers. */
const OK = 0, BAD_FILE = 8, NOT_SUPPORTED = 52;

/** Ends the program. */
class Exit extends Error {
  constructor(status) { super(`exit ${status}`); this.status = status; }
}

/** The few functions of WASI that the program calls: it has arguments, standard input, output and error, and nothing else. */
function system(words, input) {
  const memory = () => new DataView(system.memory.buffer);
  const bytes = () => new Uint8Array(system.memory.buffer);
  const written = { 1: [], 2: [] };
  let read = 0;
  const list = words.map((word) => encoder.encode(`${word}\0`));
  const each = (start, count, then) => {
    let total = 0;
    for (let at = 0; at < count; at++) {
      const [place, length] = [memory().getUint32(start + at * 8, true), memory().getUint32(start + at * 8 + 4, true)];
      total += then(place, length);
    }
    return total;
  };
  const calls = {
    args_sizes_get(count, size) {
      memory().setUint32(count, list.length, true);
      memory().setUint32(size, list.reduce((sum, word) => sum + word.length, 0), true);
      return OK;
    },
    args_get(pointers, place) {
      for (const word of list) {
        memory().setUint32(pointers, place, true);
        bytes().set(word, place);
        [pointers, place] = [pointers + 4, place + word.length];
      }
      return OK;
    },
    environ_sizes_get(count, size) {
      memory().setUint32(count, 0, true);
      memory().setUint32(size, 0, true);
      return OK;
    },
    environ_get: () => OK,
    clock_time_get(_clock, _precision, place) {
      memory().setBigUint64(place, BigInt(Math.round(performance.now() * 1e6)), true);
      return OK;
    },
    random_get(place, length) {
      for (let at = 0; at < length; at += 65536) {
        crypto.getRandomValues(bytes().subarray(place + at, place + Math.min(length, at + 65536)));
      }
      return OK;
    },
    fd_read(file, start, count, done) {
      if (file !== 0) return BAD_FILE;
      const total = each(start, count, (place, length) => {
        const part = input.subarray(read, read + length);
        bytes().set(part, place);
        read += part.length;
        return part.length;
      });
      memory().setUint32(done, total, true);
      return OK;
    },
    fd_write(file, start, count, done) {
      if (!written[file]) return BAD_FILE;
      const total = each(start, count, (place, length) => {
        written[file].push(bytes().slice(place, place + length));
        return length;
      });
      memory().setUint32(done, total, true);
      return OK;
    },
    fd_fdstat_get(file, place) {
      if (file > 2) return BAD_FILE;
      bytes().fill(0, place, place + 24);
      // A stream, as a pipe is one.
      memory().setUint8(place, 6);
      return OK;
    },
    fd_prestat_get: () => BAD_FILE,
    sched_yield: () => OK,
    proc_exit(status) { throw new Exit(status); },
  };
  const text = (file) => {
    const all = new Uint8Array(written[file].reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of written[file]) {
      all.set(part, at);
      at += part.length;
    }
    return decoder.decode(all);
  };
  return { calls, text };
}

/** Runs the program once. */
async function run(module, words, text) {
  const { calls, text: said } = system(["haproxy-lint", ...words], encoder.encode(text));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = calls[name] ?? (() => NOT_SUPPORTED);
  }
  const program = await WebAssembly.instantiate(module, imports);
  system.memory = program.exports.memory;
  let status = 0;
  try {
    program.exports._start();
  } catch (end) {
    if (!(end instanceof Exit)) throw end;
    status = end.status;
  }
  if (status !== 0) throw new Error(said(2).trim() || `the program ended with ${status}`);
  return said(1);
}

const [text, found, state, target] = ["text", "found", "state", "target"].map((id) => document.getElementById(id));

/** An element with a text, in which nothing is obeyed. */
function element(name, content, parent) {
  const made = document.createElement(name);
  made.textContent = content;
  parent.append(made);
  return made;
}

/** Goes to a place in the text. */
function go({ line, column }) {
  const lines = text.value.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const column16 = [...lines[line - 1] ?? ""].slice(0, column - 1).join("").length;
  text.focus();
  text.setSelectionRange(before + column16, before + column16);
  text.scrollTop = (line - 5) * parseFloat(getComputedStyle(text).lineHeight);
}

function show(report, took) {
  found.replaceChildren();
  for (const finding of report.findings) {
    const item = element("li", "", found);
    item.className = finding.severity;
    const place = finding.range ? `line ${finding.range.start.line}` : "the whole file";
    element("code", `${finding.severity} · ${finding.rule} · ${place}`, item);
    element("p", finding.message, item);
    if (finding.help) element("p", finding.help, item).style.opacity = 0.75;
    if (finding.range) item.addEventListener("click", () => go(finding.range.start));
  }
  const { errors, warnings, infos } = report.summary;
  const several = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  state.value = `${several(errors, "error")}, ${several(warnings, "warning")}, ${several(infos, "note")} (${took.toFixed(0)} ms)`;
}

/** What begins runs to its end; of what is typed meanwhile the newest counts. */
let busy = false, again = false;
async function check(module) {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    const begun = performance.now();
    try {
      const words = target.value ? ["check", target.value] : ["check"];
      show(JSON.parse(await run(module, words, text.value)), performance.now() - begun);
    } catch (error) {
      state.value = error.message;
    }
  } while (again);
  busy = false;
}

async function begin() {
  for (const [value, name] of [["", "all supported"], ...["2.6", "2.8", "3.0", "3.2", "3.4", "3.5"].map((each) => [each, each])]) {
    element("option", name, target).value = value;
  }
  text.value = EXAMPLE;
  const module = await WebAssembly.compile(Uint8Array.from(atob(PROGRAM), (letter) => letter.charCodeAt(0)));
  let timer;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => check(module), 100);
  });
  target.addEventListener("change", () => check(module));
  document.getElementById("format").addEventListener("click", async () => {
    try {
      text.value = await run(module, ["format"], text.value);
      await check(module);
    } catch (error) {
      state.value = error.message;
    }
  });
  await check(module);
}

begin().catch((error) => { state.value = error.message; });
