# `stick` (cfgparse-listen.c). A frontend warns of it and reads no further.
[proxy]
stick (L B) : &stick ; fetches server-choice
stick (f) : [<words>] ; fetches server-choice

[stick]
match : <key:sample> [ table code(table_name) ] <if> ; raw-told
on : <key:sample> [ table code(table_name) ] <if> ; raw-told
store : <key:sample> [ table code(table_name) ] <if> ; raw-told
store-request : <key:sample> [ table code(table_name) ] <if> ; raw-told
store-response : <key:sample> [ table code(table_name) ] <if> ; fetches stick-store
