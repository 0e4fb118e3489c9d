// The grammar of haproxy.cfg for editors. What a word is follows from where it stands, so that keywords of versions to come
// look right, too; what is wrong is for the linter to say. `npm run grammar` writes it as JSON.
import { alias, bindWord, section, serverWord } from "./words.mjs";

/** What a word begins behind, and what it ends before. */
const after = "(?<=\\s)";
const end = "(?=[\\s#]|$)";
/** A name of a proxy, a server, an ACL. */
const name = "[A-Za-z0-9_.:-]+";
/** A word without quotes, escapes and comments. */
const plain = `[^\\s#"'\\\\]+`;

const include = (...names) => names.map((each) => ({ include: `#${each}` }));
const scope = (of) => ({ name: `${of}.haproxy` });
const match = (of, pattern) => ({ ...scope(of), match: pattern });
/** Scopes of groups: the first is that of group 1. */
const groups = (...scopes) => Object.fromEntries(scopes.map((each, at) => [at + 1, typeof each === "string" ? scope(each) : each]));
/** A line that begins with some words. */
const line = (begin, scopes, ...patterns) => ({
  begin: `^\\s*(?:(no|default)\\s+)?${begin}`,
  end: "$",
  beginCaptures: groups("keyword.operator.negation", ...scopes),
  patterns: include(...patterns),
});

const keyword = "keyword.other.directive";
const member = "support.type.property-name";
const declared = "entity.name.type";
const action = "entity.name.function.action";
const sample = "support.function.sample";

/** Lines, by their first words. A comment, a directive or a header takes the line before these. */
const statements = [
  line(`(acl)\\s+(${name})(?:\\s+([\\w.+-]+))?`, [keyword, "variable.other.acl", sample], "criterion"),
  line(
    `(?:(tcp-request)\\s+(connection|session|content)|(http-request|http-response))\\s+(track-sc[0-9]+)\\s+([a-z][\\w.]*)`,
    [keyword, member, keyword, action, sample],
    "rule",
  ),
  line(`(tcp-request)\\s+(connection|session|content)\\s+([\\w.-]+)`, [keyword, member, action], "rule"),
  line(`(tcp-response)\\s+(content)\\s+([\\w.-]+)`, [keyword, member, action], "rule"),
  line(
    `(http-request|http-response|http-after-response|http-check|tcp-check|quic-initial)\\s+([\\w.-]+)`,
    [keyword, action],
    "rule",
  ),
  line(`(use_backend|default_backend|use-server|use-fcgi-app)(?:\\s+(${name})${end})?`, [keyword, declared], "rule"),
  line(`(server|peer)\\s+(${name})(?:\\s+(${plain}))?`, [keyword, declared, { patterns: include("address", "path", "variable") }], "server"),
  line(
    `(server-template)\\s+(${name})\\s+([0-9-]+)(?:\\s+(${plain}))?`,
    [keyword, declared, "constant.numeric", { patterns: include("address", "path", "variable") }],
    "server",
  ),
  line(`(default-server)${end}`, [keyword], "server"),
  line(`(nameserver|mailer)\\s+(${name})`, [keyword, declared], "body"),
  line(`(bind|default-bind|dgram-bind)(?:\\s+(${plain}))?`, [keyword, { patterns: include("address", "path", "variable") }], "bind"),
  line(`(table)\\s+(${name})\\s+(?=type\\s)`, [keyword, declared], "table"),
  line(`(user|group)\\s+(${name})${end}`, [keyword, declared], "body"),
  line(`(stick)\\s+(on|match|store-request|store-response)\\s+([a-z][\\w.]*)`, [keyword, member, sample], "rule"),
  line(`(mode|balance|http-reuse|hash-type|log-steps)\\s+([\\w-]+)`, [keyword, "constant.language"], "body"),
  line(
    `(option|timeout|stats|stick|capture|compression|email-alert|filter|tcp-request|tcp-response|persist|rate-limit)\\s+([\\w.-]+)`,
    [keyword, member],
    "rule",
  ),
  line(`(stick-table)${end}`, [keyword], "table"),
  line(`([A-Za-z_][\\w.-]*)`, [keyword], "rule"),
];

const repository = {
  comment: match("comment.line.number-sign", "#.*$"),

  // `.if version_atleast(2.6)`; the words are predicates.
  directive: {
    patterns: [
      {
        begin: `^\\s*(\\.(?:if|elif|else|endif))${end}`,
        end: "$",
        beginCaptures: groups("keyword.control.conditional"),
        patterns: [
          ...include("comment", "string"),
          match("keyword.operator.logical", "&&|\\|\\||!"),
          { begin: "([A-Za-z_]\\w*)(\\()", end: "\\)|$", beginCaptures: groups("support.function.predicate"), patterns: include("string", "variable", "number") },
          ...include("variable", "number"),
        ],
      },
      {
        begin: `^\\s*(\\.(?:diag|notice|warning|alert))${end}`,
        end: "$",
        beginCaptures: groups("keyword.control.message"),
        patterns: include("comment", "string", "variable"),
      },
    ],
  },

  // `[name]` begins a scope in files of SPOE.
  scope: { match: "^\\s*(\\[)([^\\]]*)(\\])", captures: groups("punctuation.section.scope", "entity.name.section", "punctuation.section.scope") },

  section: {
    ...scope("meta.section"),
    begin: `^\\s*(${section})${end}(?:\\s+(?!from\\s)(${name})${end})?`,
    end: "$",
    beginCaptures: groups("keyword.control.section", "entity.name.type.section"),
    patterns: [
      ...include("comment", "string", "escape", "variable"),
      { match: `${after}(from)\\s+(${name})`, captures: groups("keyword.control.from", "entity.name.type.defaults") },
      ...include("address"),
    ],
  },

  statement: { patterns: statements },

  // What can stand anywhere behind a keyword.
  body: {
    patterns: [
      ...include("comment", "string", "escape", "expression", "alias", "variable"),
      ...include("call", "arguments", "chained", "address", "path", "number", "constant"),
    ],
  },
  rule: { patterns: include("condition", "body") },
  bind: { patterns: [match("variable.parameter", `${after}${bindWord}(?=[\\s#(]|$)`), ...include("body")] },
  table: {
    patterns: [
      match("variable.parameter", `${after}(?:type|size|expire|nopurge|peers|store|srvkey|write-to|recv-only|brates-factor)${end}`),
      match("support.type.table", `${after}(?:ip|ipv4|ipv6|integer|string|binary)${end}`),
      ...include("body"),
    ],
  },
  server: { patterns: [match("variable.parameter", `${after}${serverWord}(?=[\\s#(]|$)`), ...include("body")] },

  // `if { src 10.0.0.0/8 } !blocked or TRUE`
  condition: {
    begin: `${after}(if|unless)(?=\\s|$)`,
    end: "$",
    beginCaptures: groups("keyword.control.conditional"),
    patterns: [
      ...include("comment"),
      {
        ...scope("meta.acl"),
        begin: `${after}(!?)(\\{)(?=\\s)(?:\\s+([\\w.+-]+))?`,
        end: `${after}(\\})${end}|$`,
        beginCaptures: groups("keyword.operator.logical", "punctuation.section.block.begin", sample),
        endCaptures: groups("punctuation.section.block.end"),
        patterns: include("criterion"),
      },
      match("keyword.operator.logical", `${after}(?:or|\\|\\||!)(?=\\s)|${after}!+(?=[\\w{])`),
      match("constant.language.acl", `(?<=[\\s!])(?:TRUE|FALSE|HTTP|HTTP_1\\.[01]|HTTP_2\\.0|HTTP_3\\.0|HTTP_CONTENT|HTTP_URL_(?:ABS|SLASH|STAR)|LOCALHOST|METH_[A-Z]+|RDP_COOKIE|REQ_CONTENT|WAIT_END)${end}`),
      match("variable.other.acl", `(?<=[\\s!])${name}${end}`),
      ...include("string", "escape"),
    ],
  },

  // A criterion, its flags and its patterns.
  criterion: { patterns: include("comment", "arguments", "converter", "flag", "operator", "string", "escape", "variable", "address", "path", "number") },
  flag: {
    patterns: [
      { match: `${after}(-m)\\s+([a-z]+)${end}`, captures: groups("keyword.operator.flag", "constant.language.match") },
      { match: `${after}(-[fM])(?:\\s+(${plain}))?`, captures: groups("keyword.operator.flag", { patterns: include("variable", "path") }) },
      match("keyword.operator.flag", `${after}(?:-[inu]|--)${end}`),
    ],
  },
  operator: match("keyword.operator.comparison", `${after}(?:eq|ne|lt|le|gt|ge)(?=\\s)`),

  // `name(argument,argument),converter(argument)`. A blank ends it unless it is quoted.
  call: { match: "(?<=[\\s,(])([a-z][\\w.+-]*)(?=\\()", captures: groups(sample) },
  arguments: {
    begin: "(?<=[\\w-])(\\()",
    end: "(\\))|(?=\\s|$)",
    beginCaptures: groups("punctuation.section.arguments.begin"),
    endCaptures: groups("punctuation.section.arguments.end"),
    patterns: [...include("string", "escape", "variable"), match("punctuation.separator", ","), match("constant.numeric", "(?<=[(,])-?[0-9]+(?:us|ms|[smhdkKMG])?(?=[,)])")],
  },
  // Behind what is surely a sample; elsewhere a comma may stand between any words.
  chained: {
    match: "(?<=\\))(,)([a-z][\\w.-]*)|(?<=\\w)(,)([a-z][\\w.-]*)(?=\\()",
    captures: groups("punctuation.separator", "support.function.converter", "punctuation.separator", "support.function.converter"),
  },
  converter: { match: "(,)([a-z][\\w.-]*)", captures: groups("punctuation.separator", "support.function.converter") },

  // `%[…]`, `%{+Q}[…]`, `%(name:type)[…]`
  expression: {
    ...scope("meta.expression"),
    begin: "(%)(?:(\\([\\w:-]*\\)))?(?:(\\{[^}\\s]*\\}))?(\\[)([A-Za-z][\\w.+-]*)?",
    end: "(\\])|(?=[\\s\"]|$)",
    beginCaptures: groups(
      "punctuation.definition.template-expression.begin",
      "entity.name.tag",
      "storage.modifier.flag",
      "punctuation.definition.template-expression.begin",
      sample,
    ),
    endCaptures: groups("punctuation.definition.template-expression.end"),
    patterns: include("arguments", "converter", "string", "escape"),
  },
  alias: {
    patterns: [
      match("constant.character.escape.percent", "%%"),
      {
        match: `(%)(?:(\\([\\w:-]*\\)))?(?:(\\{[^}\\s]*\\}))?(${alias})(?![A-Za-z0-9])`,
        captures: groups("punctuation.definition.variable", "entity.name.tag", "storage.modifier.flag", "variable.language.alias"),
      },
    ],
  },

  // HAProxy reads no escapes in strong quotes, and a quote that is open at the end of the line is an error.
  string: {
    patterns: [
      match("invalid.illegal.unterminated", "'(?=[^']*$)"),
      match("invalid.illegal.unterminated", '"(?=(?:[^"\\\\]|\\\\.)*$)'),
      { ...scope("string.quoted.single"), begin: "'", end: "'|$" },
      {
        ...scope("string.quoted.double"),
        begin: '"',
        end: '"|$',
        patterns: [match("constant.character.escape", "\\\\\\$"), ...include("escape", "quoted-variable", "quoted-expression", "alias")],
      },
    ],
  },
  escape: {
    patterns: [
      match("constant.character.escape", `\\\\(?:[ \\\\#'"tnr]|x[0-9A-Fa-f]{2})`),
      match("invalid.illegal.escape", "\\\\x"),
    ],
  },

  // `${NAME}`, `${NAME-default}`, `${NAME[*]}`; `$NAME` in weak quotes, and where an address stands.
  variable: {
    patterns: [
      {
        match: "(\\$\\{)(\\.?[A-Za-z_]\\w*)(\\[\\*\\])?(?:(-)([^}\"]*))?(\\})",
        captures: groups(
          "punctuation.definition.variable.begin",
          "variable.other.environment",
          "keyword.operator.expansion",
          "keyword.operator.default",
          "string.unquoted.default",
          "punctuation.definition.variable.end",
        ),
      },
      { match: "(?:^|(?<=[\\s@:+]))(\\$)([A-Za-z_]\\w*)", captures: groups("punctuation.definition.variable", "variable.other.environment") },
    ],
  },
  "quoted-variable": {
    patterns: [
      { match: "(\\$)([A-Za-z_]\\w*)", captures: groups("punctuation.definition.variable", "variable.other.environment") },
      ...include("variable"),
      match("invalid.illegal.variable", "\\$"),
    ],
  },

  // `[FAMILY@]HOST[:PORT]`, with variables anywhere in it.
  address: {
    match: [
      "(?:^|(?<=[\\s,]))((?:[a-z]+\\+)?(?:ip(?:v[46])?|udp[46]?|tcp[46]?|mptcp[46]?|quic[46]?|unix|uxst|uxdg|abnsz?|fd|sockpair|rhttp)@[^\\s#\"',]*",
      "(?:\\d{1,3}\\.){3}\\d{1,3}(?:/\\d+)?(?::[^\\s#\"',]*)?",
      "(?:\\*|\\[[0-9A-Fa-f:.]+\\]|::|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4})(?:/\\d+)?(?::[0-9][^\\s#\"',]*)?",
      "[A-Za-z][A-Za-z0-9-]*(?:\\.[A-Za-z0-9-]+)*:(?:[0-9]|\\$\\{)[^\\s#\"',]*",
      ":[0-9+][^\\s#\"',]*|:\\$\\{[^\\s#\"',]*)",
    ].join("|"),
    captures: groups({ ...scope("string.unquoted.address"), patterns: include("variable") }),
  },
  path: match("string.unquoted.path", `(?:^|(?<=\\s))\\.{0,2}/[^\\s#"'\\\\\${}]*`),
  number: {
    match: "(?:^|(?<=[\\s,:]))([-+]?[0-9]+(?:\\.[0-9]+)?)(us|ms|[smhd]|[kKMG]|%)?(?=[\\s,#)]|$)",
    captures: groups("constant.numeric", "keyword.other.unit"),
  },
  constant: match("constant.language", `${after}(?:on|off|yes|none|global|stdout|stderr|emerg|alert|crit|err|warning|notice|info|debug|local[0-7]|daemon|syslog)${end}`),
};

// Inside of weak quotes blanks are part of the expression, and the quotes of its arguments are escaped or strong.
repository["quoted-expression"] = {
  ...repository.expression,
  end: '(\\])|(?="|$)',
  patterns: [...include("quoted-arguments", "converter", "escape")],
};
repository["quoted-arguments"] = {
  ...repository.arguments,
  end: '(\\))|(?="|$)',
  patterns: [
    { ...scope("string.quoted.single"), match: "'[^'\"]*'" },
    ...include("escape", "quoted-variable"),
    ...repository.arguments.patterns.slice(3),
  ],
};
export const grammar = {
  name: "HAProxy",
  scopeName: "source.haproxy",
  fileTypes: ["haproxy.cfg"],
  patterns: include("comment", "scope", "directive", "section", "statement", "string", "escape"),
  repository,
};
