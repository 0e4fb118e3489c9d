# `stick` (cfgparse-listen.c). A frontend warns of it and reads no further.
[proxy]
stick (L B) : &stick
stick (f) : [<words>]

[stick]
match : <key:sample> [ table [<table>] ] <if>
on : <key:sample> [ table [<table>] ] <if>
store : <key:sample> [ table [<table>] ] <if>
store-request : <key:sample> [ table [<table>] ] <if>
store-response : <key:sample> [ table [<table>] ] <if>
