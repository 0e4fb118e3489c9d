# `stick` (cfgparse-listen.c). A frontend warns of it and reads no further.
[proxy]
stick (L B) : &stick
stick (f) : [<words>]

[stick]
match : <key:sample> [ table code(table_name) ] <if>
on : <key:sample> [ table code(table_name) ] <if>
store : <key:sample> [ table code(table_name) ] <if>
store-request : <key:sample> [ table code(table_name) ] <if>
store-response : <key:sample> [ table code(table_name) ] <if>
