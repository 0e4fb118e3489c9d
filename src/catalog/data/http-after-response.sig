# Actions of `http-after-response` rules.
[http-after-response]
add-header : <header:word> code(header_name) <fmt> <if> ; raw-format
add-headers-bin @3.4.. : <headers:sample> [ prefix <prefix:word> ] <if>
allow : <if> ; final told
capture @2.6.. : <value:sample> id <slot:int> <if>
del-acl @2.8.. : code(no_file) <key:fmt> <if> ; prefix
del-acl([<file:word>]) @2.8.. : <key:fmt> <if>
del-header : <header:word> [ -m { str | beg | end | sub | reg code(header_regex) } ] <if>
del-headers-bin @3.4.. : <names:sample> [ -m { str | beg | end | sub } ] <if>
del-map @2.8.. : code(no_file) <key:fmt> <if> ; prefix
del-map([<file:word>]) @2.8.. : <key:fmt> <if>
do-log @3.1.. : [ profile <profile:log_profile> ]*@3.3.. <if>
ot-group @..3.4 : <filter:word> <group:word> <if> ; needs OT
replace-header : <header:word> <regex> <fmt> <if> ; raw-format
replace-value : <header:word> <regex> <fmt> <if> ; raw-format
sc-add-gpc([<index:int>],<counter:int>) @2.8.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-inc-gpc([<index:int>],<counter:int>) @2.8.. : code(stick_counter) <if>
sc-inc-gpc0 @2.8.. : <if>
sc-inc-gpc0([<counter:int>]) @2.8.. : code(stick_counter) <if>
sc-inc-gpc1 @2.8.. : <if>
sc-inc-gpc1([<counter:int>]) @2.8.. : code(stick_counter) <if>
sc-set-gpt([<index:int>],<counter:int>) @2.8.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-set-gpt0 @2.8.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
sc-set-gpt0([<counter:int>]) @2.8.. : code(stick_counter) code(value_first) [ <value:sample int> ] <if>
set-header : <header:word> code(header_name) <fmt> <if> ; raw-format
set-headers-bin @3.4.. : <headers:sample> [ prefix <prefix:word> ] <if>
set-log-level @2.8.. : { emerg | alert | crit | err | warning | notice | info | debug | silent } <if>
set-map @2.8.. : code(no_file) <key:fmt> <value:fmt> <if> ; prefix
set-map([<file:word>]) @2.8.. : <key:fmt> <value:fmt> <if>
set-status : <status:int 100..999> [ reason <reason:word> ] <if>
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> <if>
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> <if>
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] <if>
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] <if>
strict-mode : code(on_or_off) <if>
unset-var(<variable:var>) @..2.5 : code(closed) <if>
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) <if>
lua. : code(lua_arguments) <if>
