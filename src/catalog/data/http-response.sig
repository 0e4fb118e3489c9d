# Actions of `http-response` rules.
[http-response]
add-acl : code(no_file) <key:fmt> <if> ; prefix
add-acl([<file:word>]) : <key:fmt> <if>
add-header : <header:word> code(header_name) <fmt> <if> ; raw-format
add-headers-bin @3.4.. : <headers:sample> [ prefix <prefix:word> ] <if>
allow : <if> ; final told
cache-store : <cache> <if>
capture : <value:sample> id <slot:int> <if>
del-acl : code(no_file) <key:fmt> <if> ; prefix
del-acl([<file:word>]) : <key:fmt> <if>
del-header : <header:word> [ -m { str | beg | end | sub | reg code(header_regex) } ] <if>
del-headers-bin @3.4.. : <names:sample> [ -m { str | beg | end | sub } ] <if>
del-map : code(no_file) <key:fmt> <if> ; prefix
del-map([<file:word>]) : <key:fmt> <if>
deny : [ deny_status <status:atoi 200..599> ]
    { status <status:atoi 200..599> | content-type <type:word> | default-errorfiles | errorfiles <section:http_errors> | errorfile <file>
    | file <file> | string <text:word> | lf-file <file> | lf-string <fmt> | hdr <header:word> <fmt> }* code(http_reply) <if> ; final told
do-log @3.1.. : [ profile <profile:log_profile> ]*@3.3.. <if>
ot-group @..3.4 : <filter:word> <group:word> <if> ; needs OT
pause @3.2.. : <delay:sample positive-time> code(lost_word) <if>
redirect :
    { !{ location <fmt> } | code code(redirect_code) | drop-query | keep-query@3.1..
    | append-slash | ignore-empty@2.5.. | set-cookie <cookie:word> | { set-cookie-fmt <fmt> }@3.1.. | clear-cookie <cookie:word> }* <if> ; final told ; raw-format
replace-header : <header:word> <regex> <fmt> <if> ; raw-format
replace-value : <header:word> <regex> <fmt> <if> ; raw-format
return :
    { status <status:atoi 200..599> | content-type <type:word> | default-errorfiles | errorfiles <section:http_errors> | errorfile <file>
    | file <file> | string <text:word> | lf-file <file> | lf-string <fmt> | hdr <header:word> <fmt> }* code(http_reply) <if> ; final told
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
set-bandwidth-limit @2.7.. : <filter:word> { limit <limit:sample size> | period <period:sample time> }* <if>
set-fc-mark @3.0.. : <value:sample number> <if>
set-fc-tos @3.0.. : <value:sample number> <if>
set-header : <header:word> code(header_name) <fmt> <if> ; raw-format
set-headers-bin @3.4.. : <headers:sample> [ prefix <prefix:word> ] <if>
set-log-level : { emerg | alert | crit | err | warning | notice | info | debug | silent } <if>
set-map : code(no_file) <key:fmt> <value:fmt> <if> ; prefix
set-map([<file:word>]) : <key:fmt> <value:fmt> <if>
set-mark @..2.9 : <value:number> <if>
set-mark @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-mark
set-nice : <nice:atoi> <if>
set-status : <status:int 100..999> [ reason <reason:word> ] <if>
set-timeout @2.9.. : { server code(needs_backend) | tunnel code(needs_backend) | { client code(needs_frontend) }@2.9..
    | { connect code(needs_backend) }@3.4.. | { queue code(needs_backend) }@3.4.. | tarpit@3.4.. } <timeout:sample positive-time> <if>
set-tos @..2.9 : <value:number> <if>
set-tos @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-tos
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> <if>
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> <if>
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] <if>
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] <if>
silent-drop : [ rst-ttl <ttl:number 1..255> ]@2.7.. <if> ; final
strict-mode : code(on_or_off) <if>
track-sc : <key:sample> [ table <table> ] <if>
track-sc# : code(stick_counter) <key:sample> [ table <table> ] <if>
unset-var(<variable:var>) @..2.5 : code(closed) <if>
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) <if>
wait-for-body : { !{ time <time> } | at-least <bytes:size 32> | use-large-buffer@3.4.. }* <if>
lua. : code(lua_arguments) <if>
