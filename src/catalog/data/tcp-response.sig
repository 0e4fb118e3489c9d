# `tcp-response` rules (tcp_rules.c).
[tcp-response]
content (D L B) : &tcp-response-content ; rules ; before 3.1.. "http-response"
inspect-delay (D L B) : <delay:time> ... ; first-counts always ; twice warning

[tcp-response-content]
accept : <if> ; final
close : <if> ; final
do-log @3.1.. : [ profile <profile:log_profile> ]*@3.3.. <if>
ot-group @..3.4 : <filter:word> <group:word> <if> ; needs OT
reject : <if> ; final
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
set-log-level @2.5.. : { emerg | alert | crit | err | warning | notice | info | debug | silent } <if>
set-mark @2.5..2.9 : <value:number> <if>
set-mark @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-mark
set-nice @2.5.. : <nice:atoi> <if>
set-tos @2.5..2.9 : <value:number> <if>
set-tos @3.0.. : <value:sample number> <if> ; discouraged 3.0 -> set-fc-tos
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> <if>
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> <if>
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] <if>
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] <if>
silent-drop : [ rst-ttl <ttl:number 1..255> ]@2.7.. <if> ; final
unset-var(<variable:var>) @..2.5 : code(closed) <if>
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) <if>
lua. : code(lua_arguments) <if>
