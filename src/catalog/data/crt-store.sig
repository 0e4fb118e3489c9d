# crt-store sections (ssl_ckch.c).
[crt-store]

# crtstore_parse_path_base()
crt-base : <directory:word> code(before_load) ... ; aborts
key-base : <directory:word> code(before_load) ... ; aborts

# crtstore_parse_load(), ckch_conf_parse()
load : { !{ crt <file:file crt-base> } | key <file:file key-base> | alias [ <name:alias> ] | ocsp <file:file crt-base> | issuer <file:file crt-base> | sctl <file:file crt-base> | ocsp-update { on | off } | jwt@3.3.. { on | off }
    | acme@3.2.. <section:acme> | domains@3.2.. [ <names:word> ] | ips@3.4.. [ <addresses:word> ] | generate-dummy@3.4.. { on | off } | { keytype [ <type:word> ] code(needs_dummy) }@3.4.. | { bits [ <bits:int> ] code(needs_dummy) }@3.4..
    | { curves [ <curves:word> ] code(needs_dummy) }@3.4.. }* ; aborts
