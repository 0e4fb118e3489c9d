# peers sections (cfgparse.c).
[peers]
peer : [ <name> [ <address:address peer> [<words>] ] ]
server : [ <name> [ <address:address peer> [<words>] ] ]
bind : [ <address:address bind> ] &bind*
default-bind : &bind*
default-server : &server*
shards @2.7.. : <number:int nonzero> ...
log : { global | <target:address log> [ len <length:atoi 80..65535> ] [ format &log-format ] [ sample <ranges:sampling> ] [ profile@3.1.. <profile> ]
    &log-facility [ &log-level [ &log-level ] ] }
disabled : ...
enabled : ...
