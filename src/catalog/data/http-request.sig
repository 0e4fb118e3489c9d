# Actions of `http-request` rules (http_act.c, tcp_act.c, stream.c, stick_table.c, vars.c and others register them).
# Errors in these rules stop the reading; the line of the keyword says so.
[http-request]
add-acl : code(no_file) <key:fmt> <if> ; prefix
add-acl([<file:word>]) : <key:fmt> <if>
add-header : <header:word> code(header_name) <fmt> <if> ; names-header ; changes header ; raw-format
add-headers-bin @3.4.. : <headers:sample> [ prefix <prefix:word> ] <if>
allow : <if> ; final told
auth : [ realm <realm:word> ] <if> ; final told ; answers
cache-use : <cache> [ no-early-hints ]@3.5.. <if> ; changes nothing
capture : <value:sample> { len code(needs_frontend) <length:atoi 1..> | id <slot:int> } <if> ; changes nothing
del-acl : code(no_file) <key:fmt> <if> ; prefix
del-acl([<file:word>]) : <key:fmt> <if>
del-header : <header:word> [ -m { str | beg | end | sub | reg code(header_regex) } ] <if> ; changes header
del-headers-bin @3.4.. : <names:sample> [ -m { str | beg | end | sub } ] <if>
del-map : code(no_file) <key:fmt> <if> ; prefix
del-map([<file:word>]) : <key:fmt> <if>
deny : [ deny_status <status:atoi 200..599> ]
    { status <status:atoi 200..599> | content-type <type:word> | default-errorfiles | errorfiles <section:http_errors> | errorfile <file>
    | file <file> | string <text:word> | lf-file <file> | lf-string <fmt> | hdr <header:word> <fmt> }* code(http_reply) <if> ; final told ; answers
disable-l7-retry : <if> ; changes nothing
do-log @3.1.. : [ profile <profile:log_profile> ]*@3.3.. <if> ; changes nothing
do-resolve(<variable:word>,<resolvers>,[<family:word>]) : code(resolve_family) <name:sample> <if> ; answers ; changes variable
early-hint : <header:word> code(header_name) <fmt> <if> ; names-header ; changes nothing ; raw-format
normalize-uri : { fragment-encode | fragment-strip | path-merge-slashes | path-strip-dot | path-strip-dotdot [ full ]
    | percent-decode-unreserved [ strict ] | percent-to-uppercase [ strict ] | query-sort-by-name } <if> ; experimental
ot-group @..3.4 : <filter:word> <group:word> <if> ; needs OT
pause @3.2.. : <delay:sample positive-time> code(lost_word) <if> ; changes nothing
redirect :
    { !{ location <fmt> | prefix <fmt> | scheme <fmt> } | code code(redirect_code) | drop-query | keep-query@3.1..
    | append-slash | ignore-empty@2.5.. | set-cookie <cookie:word> | { set-cookie-fmt <fmt> }@3.1.. | clear-cookie <cookie:word> }* <if> ; final told ; answers ; raw-format
reject : <if> ; final ; answers
replace-header : <header:word> <regex> <fmt> <if> ; names-header ; changes header ; raw-format
replace-path : <regex> <fmt> <if> ; changes path ; raw-format
replace-pathq : <regex> <fmt> <if> ; changes request
replace-uri : <regex> <fmt> <if> ; raw-format
replace-value : <header:word> <regex> <fmt> <if> ; names-header ; changes header ; raw-format
return :
    { status <status:atoi 200..599> | content-type <type:word> | default-errorfiles | errorfiles <section:http_errors> | errorfile <file>
    | file <file> | string <text:word> | lf-file <file> | lf-string <fmt> | hdr <header:word> <fmt> }* code(http_reply) <if> ; final told ; answers
sc-add-gpc([<index:int>],<counter:int>) @2.8.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-inc-gpc([<index:int>],<counter:int>) @2.5.. : code(stick_counter) <if>
sc-inc-gpc0 : <if>
sc-inc-gpc0([<counter:int>]) : code(stick_counter) <if>
sc-inc-gpc1 : <if>
sc-inc-gpc1([<counter:int>]) : code(stick_counter) <if>
sc-set-gpt([<index:int>],<counter:int>) @2.5.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-set-gpt0 : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-set-gpt0([<counter:int>]) : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
send-spoe-group : <engine:word> <group:word> <if>
set-bandwidth-limit @2.7.. : <filter:word> { limit <limit:sample size> | period <period:sample time> }* <if> ; changes nothing
set-bc-mark @3.0.. : <value:sample number> <if> ; changes nothing
set-bc-tos @3.0.. : <value:sample number> <if> ; changes nothing
set-dst : <address:sample one-word> <if> ; answers
set-dst-port : <port:sample one-word> <if>
set-fc-mark @3.0.. : <value:sample number> <if> ; changes nothing
set-fc-tos @3.0.. : <value:sample number> <if> ; changes nothing
set-header : <header:word> code(header_name) <fmt> <if> ; names-header ; changes header ; raw-format
set-headers-bin @3.4.. : <headers:sample> [ prefix <prefix:word> ] <if>
set-log-level : { emerg | alert | crit | err | warning | notice | info | debug | silent } <if> ; changes nothing
set-map : code(no_file) <key:fmt> <value:fmt> <if> ; prefix
set-map([<file:word>]) : <key:fmt> <value:fmt> <if>
set-mark @..2.9 : <value:number> <if> ; changes nothing
set-mark @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-mark ; changes nothing
set-method : <fmt> <if> ; changes method ; raw-format
set-nice : <nice:atoi> <if> ; changes nothing
set-path : <fmt> <if> ; changes path ; raw-format
set-pathq : <fmt> <if> ; changes request ; raw-format
set-priority-class : <class:sample> <if> ; changes nothing
set-priority-offset : <offset:sample> <if> ; changes nothing
set-query : <fmt> <if> ; changes query ; raw-format
set-retries (L B) @3.1.. : <retries:sample number> code(few_retries) <if>
set-src : <address:sample one-word> <if> ; changes source
set-src-port : <port:sample one-word> <if> ; changes source
set-timeout (D L B) @..2.8 : { server | tunnel } <timeout:sample positive-time> <if> ; changes nothing
set-timeout @2.9.. : { server code(needs_backend) | tunnel code(needs_backend) | { client code(needs_frontend) }@2.9..
    | { connect code(needs_backend) }@3.4.. | { queue code(needs_backend) }@3.4.. | tarpit@3.4.. } <timeout:sample positive-time> <if> ; changes nothing
set-tos @..2.9 : <value:number> <if> ; changes nothing
set-tos @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-tos ; changes nothing
set-uri : <fmt> <if> ; raw-format
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> <if> ; changes variable
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> <if> ; changes variable
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] <if> ; changes variable
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] <if> ; changes variable
silent-drop : [ rst-ttl <ttl:number 1..255> ]@2.7.. <if> ; final ; answers
strict-mode : code(on_or_off) <if>
tarpit : [ deny_status <status:atoi 200..599> ]
    { status <status:atoi 200..599> | content-type <type:word> | default-errorfiles | errorfiles <section:http_errors> | errorfile <file>
    | file <file> | string <text:word> | lf-file <file> | lf-string <fmt> | hdr <header:word> <fmt> }* code(http_reply) <if> ; final told ; answers
track-sc : <key:sample> [ table <table> ] <if>
track-sc# : code(stick_counter) <key:sample> [ table <table> ] <if>
unset-var(<variable:var>) @..2.5 : code(closed) <if> ; changes variable
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) <if> ; changes variable
use-service : &service <if> ; answers
wait-for-body : { !{ time <time> } | at-least <bytes:size 32> | use-large-buffer@3.4.. }* <if> ; changes nothing
wait-for-handshake : <if>
lua. : code(lua_arguments) <if> ; answers

# What `use-service` starts: only the exporter is built in, and only `http-request` can start it.
[service]
lua. : code(lua_loaded)
prometheus-exporter ; needs PROMEX
