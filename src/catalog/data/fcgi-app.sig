# fcgi-app sections (fcgi-app.c).
[fcgi-app]
docroot : <path:word>
path-info : <regex>
index : <name:word>
acl : <name:name> <acl>
set-param : <name:word> <value:fmt> <if>
# unset-param
pass-header : <name:word> <if> ; fetches backend-http-request
# hide-header
option : { keep-conn | get-values | mpxs-conns | max-reqs <requests:atoi nonzero> }
log-stderr : { global | <target:address log> [ len <length:atoi 80..65535> ] [ format &log-format ] [ sample <ranges:sampling> ] [ profile@3.1.. <profile:log_profile> ]
    &log-facility [ &log-level [ &log-level ] ] }
