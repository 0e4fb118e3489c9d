# Rules that choose a backend or a server (cfgparse-listen.c, proxy.c).
[proxy]
use_backend (F L b) : <backend> code(dynamic_name) <if> ; rules ; final ; answers ; raw-told ; fetches use-backend
use-server (L B f) : <server> code(dynamic_name) <cond> ; raw-told ; fetches server-choice
force-persist (L B f) : <cond> ; fetches backend-tcp-request
ignore-persist (L B f) : <cond> ; fetches backend-tcp-request
force-be-switch (F L) @3.4.. : <cond> ; fetches frontend-tcp-request
monitor (F L b) : fail <cond> ; answers ; before "http-request" ; fetches http-request
