# `redirect` (http_rules.c): the target is a word as it is; in `http-request redirect` it is a format.
[proxy]
redirect (F L B) : { !{ location <target:word> | prefix <target:word> | scheme <target:word> } | code code(redirect_code) | drop-query | keep-query@3.1..
    | append-slash | ignore-empty@2.5.. | set-cookie <cookie:word> | { set-cookie-fmt <fmt> }@3.1.. | clear-cookie <cookie:word> }* <if> ; http-only ; rules ; final ; answers ; before "use_backend" ; before "use-server" ; fetches http-request
