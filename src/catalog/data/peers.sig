# peers sections (cfgparse.c).
[peers]
peer : <name:name> [ <address:address peer> [<words>] ]
server : <name:name> [ <address:address peer> [<words>] ]
bind : <address:address bind> &bind*
default-bind : &bind*
default-server : &server*
table : <name:name> { !type { ip | ipv6 | integer | string [ len { <length:atoi nonzero>@..2.7 | <length:int nonzero>@2.8.. } ] | binary [ len { <length:atoi nonzero>@..2.7 | <length:int nonzero>@2.8.. } ] }
        | !size <size:size 32 nonzero> | expire <time> | nopurge | peers <section> | store <data> | srvkey { name | addr } | write-to@2.9.. <table> | recv-only@3.2.. }*
shards @2.6.. : <number:int> ...
log : <words>
disabled
enabled
