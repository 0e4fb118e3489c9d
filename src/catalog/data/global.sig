# The global section. cfgparse-global.c and the files that register keywords.
[global]
acme.scheduler @3.1.. : [<words>]
anonkey @2.7.. : <key:atoi 0..4294967295> ...
busy-polling ; negatable
ca-base : <directory:word> ; first-counts text ; twice refusal ; read-by path "bind ca-file" ; read-by path "server ca-file"
chroot : <directory> ; first-counts text ; twice ..3.0 alert ; twice 3.1.. warning
close-spread-time : { infinite | <time> } ...
cluster-secret @2.6.. : <secret:word> ; first-counts text ; twice alert
cpu-affinity @3.4.. : [<words>]
cpu-map : <threads> <processors>+ code(one_processor_each)
cpu-policy @3.2.. : [<words>]
cpu-set @3.2.. : [<words>]
crt-base : <directory:word> ; first-counts text ; twice refusal ; read-by path "bind crt" ; read-by path "server crt"
daemon
default-path : { current ... | config ... | parent ... | origin <path:word> ... }
description : <words> ; last-counts
dns-accept-family @3.2.. : [<words>]
expose-deprecated-directives @3.0.. : [<words>]
expose-experimental-directives : ...
external-check : [ preserve-env@2.8.. ]
fd-hard-limit : <number:atoi> ; first-counts number ; twice alert
force-cfg-parser-pause @3.2.. : [<words>]
gid : <id:atoi told> ; first-counts id ; twice alert ; family group
grace @2.5.. : <time> ...
group : <name:group> ; first-counts name ; twice alert ; family group
h1-accept-payload-with-any-method @2.6..
h1-case-adjust : <from:word> <to:word> code(same_header)
h1-case-adjust-file : <file>
h1-do-not-close-on-insecure-transfer-encoding @3.1.. : [<words>]
h2-workaround-bogus-websocket-clients @2.5..
hard-stop-after : <time> ... ; last-counts
harden.reject-privileged-ports.quic @2.7.. : { on | off } ...
harden.reject-privileged-ports.tcp @2.7.. : { on | off } ...
http-err-codes @2.9.. : [<words>]
http-fail-codes @2.9.. : [<words>]
httpclient.resolvers.disabled @2.8.. : { on | off }
httpclient.resolvers.id @2.6.. : [<name:word>]
httpclient.resolvers.prefer @2.6.. : { ipv4 | ipv6 }
httpclient.retries @2.7.. : <retries:atoi>
httpclient.ssl.ca-file @2.6.. : [<name:word>]
httpclient.ssl.verify @2.6.. : { none | required }
httpclient.timeout.connect @2.7.. : <time>
insecure-fork-wanted ; negatable
insecure-setuid-wanted
issuers-chain-path : <directory:word>
jwt.decrypt_alg_list @3.4.. : [<words>]
jwt.decrypt_enc_list @3.4.. : [<words>]
key-base @3.0.. : [<words>]
limited-quic @2.8..
localpeer : <name:word>
log : <target:address log> [ len <length:atoi 80..65535> ] [ format &log-format ] [ sample <ranges:sampling> ] [ profile@3.1.. <profile:word> ]
    &log-facility [ &log-level [ &log-level ] ] ; negatable ; read-by "log global"
log-send-hostname : [<name:word>] ... ; first-counts always ; twice alert
log-tag : <tag:word> ; last-counts
lua-load : <file> [<words>]
lua-load-per-thread : <file> [<words>]
lua-prepend-path : <path:word> [ { path | cpath } ]
master-worker : [ no-exit-on-failure ]
max-spread-checks : <time>
max-threads-per-group @3.4.. : [<words>]
maxcompcpuusage : <percent:atoi 0..100>
maxcomprate : <number:atoi>
maxconn @..2.7 : <connections:atoi> ; first-counts number ; twice alert
maxconn @2.8.. : <connections:int> ; first-counts number ; twice alert
maxconnrate : <number:atoi> ; first-counts number ; twice alert
maxpipes : <number:atoi> ; first-counts number ; twice alert
maxsessrate : <number:atoi> ; first-counts number ; twice alert
maxsslconn : <number:atoi 0..>
maxsslrate : <number:atoi> ; first-counts number ; twice alert
maxzlibmem : <number:atoi>
# Older ones only warn of a wrong number.
mworker-max-reloads @..2.8.24 : [<number:atoi>]
mworker-max-reloads @2.8.25..2.8 : <number:atoi 0..>
mworker-max-reloads @2.9..3.1 : [<number:atoi>]
mworker-max-reloads @3.2.. : <number:atoi 0..>
nbproc : [<words>] ; removed 2.5 delete "threads take its place"
nbthread : { <threads:int 1..64>@..2.6 | <threads:int 1..256>@2.7..3.1 | <threads:int 1..1024>@3.2.. } ; last-counts
no-memory-trimming @2.6..
node : <name:node> ; last-counts
noepoll
noevports
nogetaddrinfo
nokqueue
noktls @3.3..
nopoll
noreuseport
nosplice
numa-cpu-mapping : ... ; negatable
ocsp-update.disable @3.0.. : [<words>]
ocsp-update.httpproxy @3.0.. : [<words>]
ocsp-update.maxdelay @3.0.. : <seconds:atoi 0..> code(ocsp_delay) ...
ocsp-update.mindelay @3.0.. : <seconds:atoi 0..> code(ocsp_delay) ...
ocsp-update.mode @3.0.. : [<words>]
pidfile : <file:created> ; first-counts text ; twice ..3.0 alert ; twice 3.1.. warning
pp2-never-send-local
prealloc-fd @2.8..
presetenv : <name:word> <value:word>
profiling.tasks @..3.3 : { on | auto | off }
profiling.tasks @3.4.. : { on | auto | off | lock | no-lock | memory | no-memory }+
quiet
resetenv : <name:word>*
server-state-base : <directory:word> ... ; first-counts text ; twice alert
server-state-file : <file:file optional server-state-base> ... ; first-counts text ; twice alert
set-dumpable : [ { on | off | libc } ]@3.4.. ; negatable
set-var : <variable:var> <sample> code(process_variable) ... ; fetches configuration
set-var-fmt : <variable:var> <format:fmt> code(process_variable) ... ; fetches configuration
setcap @2.7.. : <capabilities:capabilities> ...
setenv : <name:word> <value:word>
shm-stats-file @3.3.. : [<words>]
shm-stats-file-max-objects @3.3.. : [<words>]
spread-checks : <percent:atoi 0..50> ; first-counts number ; twice alert
ssl-default-bind-ciphers : <list:word> ; read-by "bind ssl"
ssl-default-bind-ciphersuites : <list:word> ; read-by "bind ssl"
ssl-default-bind-client-sigalgs @2.8.. : <list:word> ; read-by "bind ssl"
ssl-default-bind-curves : <list:word> ; read-by "bind ssl"
ssl-default-bind-options : { no-sslv3 | no-tlsv10 | no-tlsv11 | no-tlsv12 | no-tlsv13 | force-sslv3 | force-tlsv10 | force-tlsv11 | force-tlsv12 | force-tlsv13
    | no-tls-tickets | tls-tickets@3.2.. | prefer-client-ciphers | strict-sni@3.2.. | no-strict-sni@3.2.. | ssl-min-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
    | ssl-max-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 } }+ ; read-by "bind ssl"
ssl-default-bind-sigalgs @2.8.. : <list:word> ; read-by "bind ssl"
ssl-default-server-ciphers : <list:word> ; read-by "server ssl"
ssl-default-server-ciphersuites : <list:word> ; read-by "server ssl"
ssl-default-server-client-sigalgs @2.9.. : <list:word> ; read-by "server ssl"
ssl-default-server-curves @2.9.. : <list:word> ; read-by "server ssl"
ssl-default-server-options : { no-sslv3 | no-tlsv10 | no-tlsv11 | no-tlsv12 | no-tlsv13 | force-sslv3 | force-tlsv10 | force-tlsv11 | force-tlsv12 | force-tlsv13
    | no-tls-tickets | tls-tickets@3.2.. | ssl-min-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
    | ssl-max-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 } }+ ; read-by "server ssl"
ssl-default-server-sigalgs @2.9.. : <list:word> ; read-by "server ssl"
ssl-dh-param-file : <file>
# USE_ENGINE is off by default from 2.6 on.
ssl-engine : <words> ; rare 2.6..3.0 ENGINE
ssl-load-extra-del-ext : ...
ssl-load-extra-files : { none | all | { bundle | sctl | ocsp | issuer | key }+ }
ssl-mode-async : ...
ssl-passphrase-cmd @3.3.. : [<words>]
ssl-propquery @2.6.. : <name:word> ...
ssl-provider @2.6.. : <name:word> ...
ssl-provider-path @2.6.. : <directory:word> ...
ssl-security-level @3.0.. : [<words>]
ssl-server-verify : { none | required }
ssl-skip-self-issued-ca : ...
stats : &stats-global
stats-file @3.0.. : [<words>] ; first-counts text ; twice alert
stress-level @3.1.. : [<words>]
strict-limits ; negatable
thread-group @2.5.. : { <group:int 1..1>@..2.6 | <group:int 1..16>@2.7..3.1 | <group:int 1..32>@3.2.. } <threads:range>*
thread-groups @2.5.. : { <number:int 1..1>@..2.6 | <number:int 1..16>@2.7..3.1 | <number:int 1..32>@3.2.. }
thread-hard-limit @2.9.. : [<words>]
trace @2.7..3.0 : [<words>] ; experimental
tune.applet.zero-copy-forwarding @3.0.. : <value:word> ...
tune.buffers.limit : <number:atoi>
tune.buffers.reserve : <number:atoi>
tune.bufsize @..3.0 : <bytes:atoi 1..>
tune.bufsize @3.1.. : <size:size 32 nonzero>
tune.bufsize.large @3.4.. : <value:word> ...
tune.bufsize.small @3.1.. : <value:word> ...
tune.chksize : [<words>] ; removed 2.5 delete
tune.cli.max-payload-size @3.4.. : <value:word> ...
tune.comp.maxlevel : <level:atoi 1..9>
tune.defaults.purge @3.4.. : <value:word> ...
tune.disable-fast-forward @2.8.. ; experimental
tune.disable-zero-copy-forwarding @2.9..
tune.epoll.mask-events @3.2.. : <value:word> ...
tune.events.max-events-at-once @2.9.. : <value:word> ...
tune.fail-alloc : [<percent:atoi 0..100>]
tune.fd.edge-triggered : { on | off } ; experimental
tune.fd.tables @3.5.. : <value:word> ...
tune.glitches.kill.cpu-usage @3.1.. : <value:word> ...
tune.h1.be.glitches-threshold @3.4.. : <value:word> ...
tune.h1.fe.glitches-threshold @3.4.. : <value:word> ...
tune.h1.zero-copy-fwd-recv @2.9.. : <value:word> ...
tune.h1.zero-copy-fwd-send @2.9.. : <value:word> ...
tune.h2.be.glitches-threshold @2.7.. : [<number:atoi 0..>]
tune.h2.be.initial-window-size @2.7.. : [<bytes:atoi 0..>]
tune.h2.be.max-concurrent-streams @2.7.. : [<streams:atoi 0..>]
tune.h2.be.max-frames-at-once @3.4.. : <value:word> ...
tune.h2.be.rxbuf @3.1.. : <size:size 32>
tune.h2.fe.glitches-threshold @2.7.. : [<number:atoi 0..>]
tune.h2.fe.initial-window-size @2.7.. : [<bytes:atoi 0..>]
tune.h2.fe.max-concurrent-streams @2.7.. : [<streams:atoi 0..>] [ rq-load@3.4.. { ignore | auto | <load:atoi 1..> } | min@3.4.. <streams:atoi 1..> ]*
tune.h2.fe.max-frames-at-once @3.4.. : <value:word> ...
tune.h2.fe.max-rst-at-once @3.4.. : <value:word> ...
tune.h2.fe.max-total-streams @2.7.. : [<number:atoi 0..>]
tune.h2.fe.rxbuf @3.1.. : <size:size 32>
tune.h2.header-table-size : <bytes:atoi 4096..65536>
tune.h2.initial-window-size : [<bytes:atoi 0..>]
tune.h2.log-errors @3.3.. : <value:word> ...
tune.h2.max-concurrent-streams : [<streams:atoi 0..>]
tune.h2.max-frame-size : <bytes:atoi 16384..16777215>
tune.h2.zero-copy-fwd-send @2.9.. : <value:word> ...
tune.http.cookielen : <number:atoi>
tune.http.logurilen : <number:atoi>
tune.http.maxhdr : <number:atoi 1..32767>
tune.idle-pool.shared : { on | off }
tune.idletimer : <time> code(idle_timer)
tune.listener.default-shards @2.7.. : { by-thread | by-group | by-process }
tune.listener.multi-queue @..2.6 : { on | off }
tune.listener.multi-queue @2.7.. : { on | fair | off }
tune.lua.bool-sample-conversion @3.2.. : <value:word> ...
tune.lua.burst-timeout @2.7.. : <time> ...
tune.lua.forced-yield : [<instructions:int>] ...
tune.lua.log.loggers @2.7.. : { on | off }
tune.lua.log.stderr @2.7.. : { on | auto | off }
tune.lua.maxmem : <megabytes:int> ...
tune.lua.openlibs @3.4.. : <value:word> ...
tune.lua.service-timeout : <time> ...
tune.lua.session-timeout : <time> ...
tune.lua.task-timeout : <time> ...
tune.max-checks-per-thread @2.9.. : <value:word> ...
tune.max-rules-at-once @3.2.. : <value:word> ...
tune.maxaccept : <number:atoi ..2147483647> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.maxpollevents : { <number:atoi ..1000000>@2.8.25..2.8 | <number:atoi ..1000000>@3.3.. | <number:atoi> } ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.maxrewrite : <bytes:atoi 0..>
tune.memory.hot-size @2.8.. : <bytes:atoi 1..>
tune.notsent-lowat.client @3.1.. : <value:word> ... ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.notsent-lowat.server @3.1.. : <value:word> ... ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.pattern.cache-size : <entries:atoi 0..> ...
tune.peers.max-updates-at-once : <number:atoi 1..>
tune.pipesize @..3.0 : <bytes:atoi>
tune.pipesize @3.1.. : <size:size 32>
tune.pool-high-fd-ratio : <percent:atoi 0..100>
tune.pool-low-fd-ratio : <percent:atoi 0..100>
tune.pt.zero-copy-forwarding @2.9.. : <value:word> ...
tune.quic.backend.max-idle-timeou @2.9..3.0 : <value:word> ... ; needs QUIC
tune.quic.be.cc.cubic-min-losses @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.cc.hystart @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.cc.max-frame-loss @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.cc.max-win-size @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.cc.reorder-ratio @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.max-idle-timeout @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.sec.glitches-threshold @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.stream.data-ratio @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.stream.max-concurrent @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.stream.rxbuf @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.tx.pacing @3.3.. : <value:word> ... ; needs QUIC
tune.quic.be.tx.udp-gso @3.3.. : <value:word> ... ; needs QUIC
tune.quic.cc-hystart @3.0.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.hystart ; deprecated 3.3 -> tune.quic.fe.cc.hystart
tune.quic.cc.cubic.min-losses @3.1.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.cubic-min-losses ; deprecated 3.3 -> tune.quic.fe.cc.cubic-min-losses
tune.quic.disable-tx-pacing @3.2.. : [<words>] ; needs QUIC ; removed 3.5 "write `tune.quic.fe.tx.pacing off`" ; deprecated 3.3 "write `tune.quic.fe.tx.pacing off`"
tune.quic.disable-udp-gso @3.1.. : [<words>] ; needs QUIC ; removed 3.5 "write `tune.quic.fe.tx.udp-gso off`" ; deprecated 3.3 "write `tune.quic.fe.tx.udp-gso off`"
tune.quic.fe.cc.cubic-min-losses @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.cc.hystart @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.cc.max-frame-loss @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.cc.max-win-size @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.cc.reorder-ratio @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.max-idle-timeout @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.sec.glitches-threshold @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.sec.retry-threshold @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.sock-per-conn @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.stream.data-ratio @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.stream.max-concurrent @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.stream.max-total @3.4.. : <value:word> ... ; needs QUIC
tune.quic.fe.stream.rxbuf @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.tx.pacing @3.3.. : <value:word> ... ; needs QUIC
tune.quic.fe.tx.udp-gso @3.3.. : <value:word> ... ; needs QUIC
tune.quic.frontend.conn-tx-buffers.limit @2.6.. : <value:word> ... ; needs QUIC ; removed 3.3 delete "it had no effect any more"
tune.quic.frontend.default-max-window-size @3.1.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.max-win-size ; deprecated 3.3 -> tune.quic.fe.cc.max-win-size
tune.quic.frontend.glitches-threshold @3.0.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.sec.glitches-threshold ; deprecated 3.3 -> tune.quic.fe.sec.glitches-threshold
tune.quic.frontend.max-data-size @3.2.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.stream.rxbuf ; deprecated 3.3 -> tune.quic.fe.stream.rxbuf
tune.quic.frontend.max-idle-timeout @2.6.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.max-idle-timeout ; deprecated 3.3 -> tune.quic.fe.max-idle-timeout
tune.quic.frontend.max-streams-bidi @2.6.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.stream.max-concurrent ; deprecated 3.3 -> tune.quic.fe.stream.max-concurrent
tune.quic.frontend.max-tx-mem @3.2.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.mem.tx-max ; deprecated 3.3 -> tune.quic.mem.tx-max
tune.quic.frontend.stream-data-ratio @3.2.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.stream.data-ratio ; deprecated 3.3 -> tune.quic.fe.stream.data-ratio
tune.quic.listen @3.3.. : <value:word> ... ; needs QUIC
tune.quic.max-frame-loss @2.8.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.max-frame-loss ; deprecated 3.3 -> tune.quic.fe.cc.max-frame-loss
tune.quic.mem.tx-max @3.3.. : <value:word> ... ; needs QUIC
tune.quic.reorder-ratio @3.0.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.reorder-ratio ; deprecated 3.3 -> tune.quic.fe.cc.reorder-ratio
tune.quic.retry-threshold @2.6.. : <value:word> ... ; needs QUIC ; removed 3.5 -> tune.quic.fe.sec.retry-threshold ; deprecated 3.3 -> tune.quic.fe.sec.retry-threshold
tune.quic.socket-owner @2.8.. : <value:word> ... ; needs QUIC ; removed 3.5 "write `tune.quic.fe.sock-per-conn`" ; deprecated 3.3 "write `tune.quic.fe.sock-per-conn`"
tune.quic.zero-copy-fwd-send @2.9.. : <value:word> ... ; needs QUIC
tune.rcvbuf.backend @2.9.. : <value:word> ...
tune.rcvbuf.client @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.rcvbuf.client @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.rcvbuf.frontend @2.9.. : <value:word> ...
tune.rcvbuf.server @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.rcvbuf.server @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.recv_enough @..3.0 : <bytes:atoi>
tune.recv_enough @3.1.. : <size:size 32>
tune.renice.runtime @3.1.. : <value:word> ...
tune.renice.startup @3.1.. : <value:word> ...
tune.ring.queues @3.0.. : <value:word> ...
tune.runqueue-depth : <number:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sched.low-latency : { on | off }
tune.sndbuf.backend @2.9.. : <value:word> ...
tune.sndbuf.client @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sndbuf.client @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sndbuf.frontend @2.9.. : <value:word> ...
tune.sndbuf.server @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sndbuf.server @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.ssl.cachesize : <number:atoi 0..>
tune.ssl.capture-buffer-size @2.5.. : <number:atoi 0..> ; first-counts always ; twice refusal ; family capture-buffer
tune.ssl.capture-cipherlist-size : <number:atoi 0..> ; deprecated 2.5 -> tune.ssl.capture-buffer-size ; first-counts always ; twice refusal ; family capture-buffer
tune.ssl.certificate-compression @2.7.. : <value:word> ...
tune.ssl.default-dh-param : <bits:atoi> code(dh_bits)
tune.ssl.force-private-cache
tune.ssl.hard-maxrecord @2.6.. : <number:atoi 0..>
tune.ssl.keylog : { on | off }
tune.ssl.keyupdate-rate-limit @3.5.. : <value:word> ...
tune.ssl.lifetime : <lifetime:time s>
tune.ssl.maxrecord : <number:atoi 0..>
tune.ssl.ocsp-update.maxdelay @2.8.. : <seconds:atoi 0..> code(ocsp_delay) ... ; discouraged 3.0 -> ocsp-update.maxdelay
tune.ssl.ocsp-update.mindelay @2.8.. : <seconds:atoi 0..> code(ocsp_delay) ... ; discouraged 3.0 -> ocsp-update.mindelay
tune.ssl.ssl-ctx-cache-size : <number:atoi 0..>
tune.stick-counters @2.8.. : [<number:int 0..>] ...
tune.streams-elasticity @3.4.. : <value:word> ...
tune.takeover-other-tg-connections @3.2.. : <value:word> ...
tune.vars.check-max-size : [<bytes:int>] ...
tune.vars.global-max-size : [<bytes:int>] ...
tune.vars.proc-max-size : [<bytes:int>] ...
tune.vars.reqres-max-size : [<bytes:int>] ...
tune.vars.sess-max-size : [<bytes:int>] ...
tune.vars.txn-max-size : [<bytes:int>] ...
tune.zlib.memlevel : <level:atoi 1..9> ; needs ZLIB
tune.zlib.windowsize : <bits:atoi 8..15> ; needs ZLIB
uid : <id:atoi told> ; first-counts id ; twice alert ; family user
ulimit-n : <number:atoi> ; first-counts number ; twice alert
unix-bind : { prefix <prefix:word> | mode code(value_first) [ <mode:word> ] | user <name:user>
    | uid code(value_first) [ <id:word> ] | group <name:group> | gid code(value_first) [ <id:word> ] }* code(one_prefix)
unsetenv : <name:word>+
user : <name:user> ; first-counts name ; twice alert ; family user
warn-blocked-traffic-after @3.1.. : [<words>]
zero-warning
51degrees-allow-unmatched : [<words>] ; needs 51DEGREES
51degrees-cache-size : [<words>] ; needs 51DEGREES
51degrees-data-file : [ <file> [<words>] ] ; needs 51DEGREES
51degrees-difference : [<words>] ; needs 51DEGREES
51degrees-drift : [<words>] ; needs 51DEGREES
51degrees-property-name-list : [<words>] ; needs 51DEGREES
51degrees-property-separator : [<words>] ; needs 51DEGREES
51degrees-use-performance-graph : [<words>] ; needs 51DEGREES
51degrees-use-predictive-graph : [<words>] ; needs 51DEGREES
deviceatlas-json-file : [ <file> [<words>] ] ; needs DEVICEATLAS
deviceatlas-log-level : [<words>] ; needs DEVICEATLAS
deviceatlas-separator : [<words>] ; needs DEVICEATLAS
deviceatlas-properties-cookie : [<words>] ; needs DEVICEATLAS
deviceatlas-cache-size : [<words>] ; needs DEVICEATLAS
wurfl-data-file : [ <file> [<words>] ] ; needs WURFL
wurfl-information-list : [<words>] ; needs WURFL
wurfl-information-list-separator : [<words>] ; needs WURFL
wurfl-patch-file : [<words>] ; needs WURFL
wurfl-cache-size : [<words>] ; needs WURFL
wurfl-engine-mode : [<words>] ; needs WURFL
wurfl-useragent-priority : [<words>] ; needs WURFL

[stats-global]
socket : <address:address bind> &bind*
timeout : <timeout:delay> ...
maxconn : <connections:atoi 1..> ...
bind-process : [ { all ... | <processes:processes> }+ ] ; removed 2.7 delete
calculate-max-counters @3.1.. : [<words>]

