# `write-to` and `recv-only` are judged by the rule table/write-to-unsupported.
# Stick tables (stick_table.c, parse_stick_table()): `stick-table` of a proxy, `table` of a peers section.
[proxy]
stick-table (F L B) : { !{ type &table-type } | !{ size <size:size 32> } | expire <time> | nopurge | peers <section:peers> | store code(any_value) [ <data:stored> ]
    | srvkey { name | addr } | write-to <table:table> | recv-only | brates-factor@3.1.. <factor:int 1..1024> }* code(table_size)

[peers]
table : <name:word> { !{ type &table-type } | !{ size <size:size 32> } | expire <time> | nopurge | store code(any_value) [ <data:stored> ]
    | srvkey { name | addr } | write-to <table:table> | recv-only | brates-factor@3.1.. <factor:int 1..1024> }* code(table_size)

[table-type]
ip
ipv4 @3.1..
ipv6
integer
string : [ len { <length:atoi nonzero>@..2.7 | <length:int nonzero>@2.8.. } code(key_length) ]
binary : [ len { <length:atoi nonzero>@..2.7 | <length:int nonzero>@2.8.. } code(key_length) ]

# What a table stores; a rate needs its period.
[stored-data]
server_id
server_key
server_name
gpt0
gpt(<elements:int 1..100>) @2.5..
gpc0
gpc0_rate(<period:period>)
gpc1
gpc1_rate(<period:period>)
gpc(<elements:int 1..100>) @2.5..
gpc_rate(<elements:int 1..100>,<period:period>) @2.5..
conn_cnt
conn_rate(<period:period>)
conn_cur
sess_cnt
sess_rate(<period:period>)
http_req_cnt
http_req_rate(<period:period>)
http_err_cnt
http_err_rate(<period:period>)
http_fail_cnt
http_fail_rate(<period:period>)
bytes_in_cnt
bytes_in_rate(<period:period>)
bytes_out_cnt
bytes_out_rate(<period:period>)
glitch_cnt @3.0..
glitch_rate(<period:period>) @3.0..
