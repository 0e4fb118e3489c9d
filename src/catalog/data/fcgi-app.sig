# fcgi-app sections (fcgi-app.c).
[fcgi-app]
docroot : <path>
path-info : <regex:word>
index : <name:word>
acl : <name:word> <acl>
set-param : <name:word> <value:fmt> <if>
# unset-param
pass-header : <name:word> <if>
# hide-header
option : { keep-conn | get-values | mpxs-conns | max-reqs <requests:int 1..> }
log-stderr : <words>
