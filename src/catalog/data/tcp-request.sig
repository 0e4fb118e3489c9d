# `tcp-request` rules (tcp_rules.c). Errors in them do not stop the reading.
# Behind the time of `inspect-delay` anything may follow.
[tcp-request]
connection (D F L) : &tcp-request-connection ; rules ; before "tcp-request session" ; fetches connection
content (D F L B) : &tcp-request-content ; rules ; before "monitor"
inspect-delay (D F L B) : <delay:time> ... ; first-counts always ; twice warning
session (D F L) : &tcp-request-session ; rules ; before "tcp-request content" ; fetches session

[tcp-request-connection]
accept : <if> ; final
do-log @3.1.. : [ profile <profile:log_profile> ]*@3.3.. <if> ; changes nothing
expect-netscaler-cip : layer4 <if>
expect-proxy : layer4 <if>
reject : <if> ; final ; answers
sc-add-gpc([<index:int>],<counter:int>) @2.8.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-inc-gpc([<index:int>],<counter:int>) @2.5.. : code(stick_counter) <if>
sc-inc-gpc0 : <if>
sc-inc-gpc0([<counter:int>]) : code(stick_counter) <if>
sc-inc-gpc1 : <if>
sc-inc-gpc1([<counter:int>]) : code(stick_counter) <if>
sc-set-gpt([<index:int>],<counter:int>) @2.5.. : code(stick_counter) code(value_first) [ { <value:int>@..2.6.12 | <value:sample int>@2.6.13.. } ] <if>
sc-set-gpt0 : code(stick_counter) code(value_first) [ { <value:int>@..2.6.12 | <value:sample int>@2.6.13.. } ] <if>
sc-set-gpt0([<counter:int>]) : code(stick_counter) code(value_first) [ { <value:int>@..2.6.12 | <value:sample int>@2.6.13.. } ] <if>
set-dst : <address:sample one-word> <if> ; answers
set-dst-port : <port:sample one-word> <if>
set-fc-mark @3.0.. : <value:sample number> <if> ; changes nothing
set-fc-tos @3.0.. : <value:sample number> <if> ; changes nothing
set-mark @2.5..2.9 : <value:number> <if> ; changes nothing
set-mark @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-mark ; changes nothing
set-src : <address:sample one-word> <if> ; changes source
set-src-port : <port:sample one-word> <if> ; changes source
set-tos @2.5..2.9 : <value:number> <if> ; changes nothing
set-tos @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-tos ; changes nothing
set-var(<variable:var>) @2.5..2.5 : code(closed) <value:sample> <if> ; changes variable
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> <if> ; changes variable
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] <if> ; changes variable
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] <if> ; changes variable
silent-drop : [ rst-ttl <ttl:number 1..255> ]@2.7.. <if> ; final ; answers
track-sc : <key:sample> [ table <table> ] <if>
track-sc# : code(stick_counter) <key:sample> [ table <table> ] <if>
unset-var(<variable:var>) @2.5..2.5 : code(closed) <if> ; changes variable
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) <if> ; changes variable

[tcp-request-session]
accept : <if> ; final
attach-srv @2.9.. : <server:word> [ name <name:sample> ] <if> ; experimental ; answers
do-log @3.1.. : [ profile <profile:log_profile> ]*@3.3.. <if> ; changes nothing
reject : <if> ; final ; answers
sc-add-gpc([<index:int>],<counter:int>) @2.8.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-inc-gpc([<index:int>],<counter:int>) @2.5.. : code(stick_counter) <if>
sc-inc-gpc0 : <if>
sc-inc-gpc0([<counter:int>]) : code(stick_counter) <if>
sc-inc-gpc1 : <if>
sc-inc-gpc1([<counter:int>]) : code(stick_counter) <if>
sc-set-gpt([<index:int>],<counter:int>) @2.5.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-set-gpt0 : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-set-gpt0([<counter:int>]) : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
set-dst : <address:sample one-word> <if> ; answers
set-dst-port : <port:sample one-word> <if>
set-fc-mark @3.0.. : <value:sample number> <if> ; changes nothing
set-fc-tos @3.0.. : <value:sample number> <if> ; changes nothing
set-mark @2.5..2.9 : <value:number> <if> ; changes nothing
set-mark @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-mark ; changes nothing
set-src : <address:sample one-word> <if> ; changes source
set-src-port : <port:sample one-word> <if> ; changes source
set-tos @2.5..2.9 : <value:number> <if> ; changes nothing
set-tos @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-tos ; changes nothing
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> <if> ; changes variable
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> <if> ; changes variable
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] <if> ; changes variable
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] <if> ; changes variable
silent-drop : [ rst-ttl <ttl:number 1..255> ]@2.7.. <if> ; final ; answers
track-sc : <key:sample> [ table <table> ] <if>
track-sc# : code(stick_counter) <key:sample> [ table <table> ] <if>
unset-var(<variable:var>) @..2.5 : code(closed) <if> ; changes variable
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) <if> ; changes variable

[tcp-request-content]
accept : <if> ; final
capture (D F L) : <value:sample> len <length:atoi 1..> <if> ; changes nothing
do-log @3.1.. : [ profile <profile:log_profile> ]*@3.3.. <if> ; changes nothing
do-resolve(<variable:word>,<resolvers>,[<family:word>]) : code(resolve_family) <name:sample> <if> ; answers ; changes variable
ot-group @..3.4 : <filter:word> <group:word> <if> ; needs OT
reject : <if> ; final ; answers
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
set-log-level @2.5.. : { emerg | alert | crit | err | warning | notice | info | debug | silent } <if> ; changes nothing
set-mark @2.5..2.9 : <value:number> <if> ; changes nothing
set-mark @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-mark ; changes nothing
set-nice @2.5.. : <nice:atoi> <if> ; changes nothing
set-priority-class : <class:sample> <if> ; changes nothing
set-priority-offset : <offset:sample> <if> ; changes nothing
set-retries (L B) @3.1.. : <retries:sample number> code(few_retries) <if>
set-src @2.5.. : <address:sample one-word> <if> ; changes source
set-src-port @2.5.. : <port:sample one-word> <if> ; changes source
set-tos @2.5..2.9 : <value:number> <if> ; changes nothing
set-tos @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-tos ; changes nothing
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> <if> ; changes variable
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> <if> ; changes variable
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] <if> ; changes variable
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] <if> ; changes variable
silent-drop : [ rst-ttl <ttl:number 1..255> ]@2.7.. <if> ; final ; answers
switch-mode (D F L) : http [ proto { h1 | h2 | fcgi | none | quic@2.6.. | spop@3.1.. | qmux@3.4.. } ] <if> ; answers
track-sc : <key:sample> [ table <table> ] <if>
track-sc# : code(stick_counter) <key:sample> [ table <table> ] <if>
unset-var(<variable:var>) @..2.5 : code(closed) <if> ; changes variable
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) <if> ; changes variable
use-service : &tcp-service <if> ; answers
lua. : code(lua_arguments) <if> ; answers

# What `use-service` starts here: nothing that is built in.
[tcp-service]
lua. : code(lua_loaded)
