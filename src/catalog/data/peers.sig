# peers sections (cfgparse.c).
[peers]
peer : code(empty_name) [ <name:word> [ code(proper_name) { <address:address old-peer>@..2.7 | <address:address peer>@2.8.. } [ from@3.5.. <origin:origin> ] &server* code(server_checks) ] ]
server : code(empty_name) [ <name:word> [ code(proper_name) { <address:address old-peer>@..2.7 | <address:address peer>@2.8.. } [ from@3.5.. <origin:origin> ] &server* code(server_checks) ] ] ; fetches server-connection
bind : [ <address:address bind> ] &bind*
default-bind : &bind*
default-server : [ name@3.5.. <name:word> ] [ from@3.5.. <origin:origin> ] &server* ; fetches server-connection
shards @2.7.. : <number:int nonzero wraps> ... ; hollow
log : { global | <target:address log> [ len <length:atoi 80..65535> ] [ format &log-format ] [ sample <ranges:sampling> ] [ profile@3.1.. <profile:log_profile> ]
    &log-facility [ &log-level [ &log-level ] ] }
disabled : ... ; hollow
enabled : ... ; hollow
