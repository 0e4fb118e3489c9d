# Rules that choose a backend or a server (cfgparse-listen.c, proxy.c).
[proxy]
use_backend (F L b) : <backend> code(dynamic_name) <if> ; rules ; final ; answers
use-server (L B f) : <server> code(dynamic_name) <cond>
force-persist (L B f) : <cond>
ignore-persist (L B f) : <cond>
force-be-switch (F L) @3.4.. : <cond>
monitor (F L b) : fail <cond> ; answers ; before "http-request"
