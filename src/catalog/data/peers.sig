# peers sections (cfgparse.c).
[peers]
peer : [ <name> [ <address:address peer> [<words>] ] ]
server : [ <name> [ <address:address peer> [<words>] ] ]
bind : [ <address:address bind> ] &bind*
default-bind : &bind*
default-server : &server*
shards @2.6.. : <number:int> ...
log : <words>
disabled : ...
enabled : ...
