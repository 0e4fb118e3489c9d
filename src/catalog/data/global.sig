# The global section. cfgparse-global.c and the files that register keywords.
[global]
acme.scheduler @3.1.. : [<words>]
anonkey @2.7.. : [<words>]
busy-polling
ca-base : <directory>
chroot : <directory>
close-spread-time : [<words>]
cluster-secret @2.6.. : [<words>]
cpu-affinity @3.4.. : [<words>]
cpu-map : [<words>]
cpu-policy @3.2.. : [<words>]
cpu-set @3.2.. : [<words>]
crt-base : <directory>
daemon
default-path : [<words>]
description : <words>
dns-accept-family @3.2.. : [<words>]
expose-deprecated-directives @3.0.. : [<words>]
expose-experimental-directives
external-check : [ preserve-env ]
fd-hard-limit : [<words>]
force-cfg-parser-pause @3.2.. : [<words>]
gid : <id:int>
grace @2.5.. : <time>
group : <name:word>
h1-accept-payload-with-any-method @2.6.. : [<words>]
h1-case-adjust : [<words>]
h1-case-adjust-file : [<words>]
h1-do-not-close-on-insecure-transfer-encoding @3.1.. : [<words>]
h2-workaround-bogus-websocket-clients @2.5.. : [<words>]
hard-stop-after : <time>
harden.reject-privileged-ports.quic @3.0.. : [<words>]
harden.reject-privileged-ports.tcp @3.0.. : [<words>]
http-err-codes @2.9.. : [<words>]
http-fail-codes @2.9.. : [<words>]
httpclient.resolvers.disabled @2.8.. : [<words>]
httpclient.resolvers.id @2.6.. : [<words>]
httpclient.resolvers.prefer @2.6.. : [<words>]
httpclient.retries @2.9.. : [<words>]
httpclient.ssl.ca-file @2.6.. : [<words>]
httpclient.ssl.verify @2.6.. : [<words>]
httpclient.timeout.connect @2.9.. : [<words>]
insecure-fork-wanted
insecure-setuid-wanted
issuers-chain-path : [<words>]
jwt.decrypt_alg_list @3.4.. : [<words>]
jwt.decrypt_enc_list @3.4.. : [<words>]
key-base @3.0.. : [<words>]
limited-quic @2.8.. : [<words>]
localpeer : <name:word>
log : { global | <target:address log> { len <length:int 80..65535> | format { rfc3164 | rfc5424 | local | short | priority | timed | iso | raw }
        | sample <ranges> | profile@3.1.. <profile> }*
        { kern | user | mail | daemon | auth | syslog | lpr | news | uucp | cron | auth2 | ftp | ntp | audit | alert | cron2
        | local0 | local1 | local2 | local3 | local4 | local5 | local6 | local7 }
        [ { emerg | alert | crit | err | warning | notice | info | debug } [ { emerg | alert | crit | err | warning | notice | info | debug } ] ] ... }
log-send-hostname : [<name:word>]
log-tag : <tag>
lua-load : <words>
lua-load-per-thread : [<words>]
lua-prepend-path : [<words>]
master-worker : [ no-exit-on-failure ]
max-spread-checks : <time>
max-threads-per-group @3.4.. : [<words>]
maxcompcpuusage : [<words>]
maxcomprate : [<words>]
maxconn @..2.7 : <connections:atoi>
maxconn @2.8.. : <connections:int>
maxconnrate : <int>
maxpipes : <int>
maxsessrate : <int>
maxsslconn : <int>
maxsslrate : <int>
maxzlibmem : [<words>]
mworker-max-reloads : [<words>]
nbproc : [<words>] ; removed 2.5 "delete it: threads take its place"
nbthread : <threads:int 1..>
no-memory-trimming @2.6.. : [<words>]
node : <name:word>
noepoll
noevports
nogetaddrinfo
nokqueue
noktls @3.3.. : [<words>]
nopoll
noreuseport
nosplice
numa-cpu-mapping : [<words>]
ocsp-update.disable @3.0.. : [<words>]
ocsp-update.httpproxy @3.0.. : [<words>]
ocsp-update.maxdelay @3.0.. : [<words>]
ocsp-update.mindelay @3.0.. : [<words>]
ocsp-update.mode @3.0.. : [<words>]
pidfile : <file>
pp2-never-send-local : [<words>]
prealloc-fd @2.8.. : [<words>]
presetenv : [<words>]
profiling.tasks : [<words>]
quiet
resetenv : [<words>]
server-state-base : <directory>
server-state-file : <file>
set-dumpable : [ { on | off | libc@3.3.. } ]
set-var : [<words>]
set-var-fmt : [<words>]
setcap @2.7.. : [<words>]
setenv : [<words>]
shm-stats-file @3.3.. : [<words>]
shm-stats-file-max-objects @3.3.. : [<words>]
spread-checks : <percent:int -50..50>
ssl-default-bind-ciphers : [<words>]
ssl-default-bind-ciphersuites : [<words>]
ssl-default-bind-client-sigalgs @2.8.. : [<words>]
ssl-default-bind-curves : [<words>]
ssl-default-bind-options : [<words>]
ssl-default-bind-sigalgs @2.8.. : [<words>]
ssl-default-server-ciphers : [<words>]
ssl-default-server-ciphersuites : [<words>]
ssl-default-server-client-sigalgs @2.9.. : [<words>]
ssl-default-server-curves @2.9.. : [<words>]
ssl-default-server-options : [<words>]
ssl-default-server-sigalgs @2.9.. : [<words>]
ssl-dh-param-file : [<words>]
ssl-engine : [<words>]
ssl-load-extra-del-ext : [<words>]
ssl-load-extra-files : [<words>]
ssl-mode-async : [<words>]
ssl-passphrase-cmd @3.3.. : [<words>]
ssl-propquery @2.6.. : [<words>]
ssl-provider @2.6.. : [<words>]
ssl-provider-path @2.6.. : [<words>]
ssl-security-level @3.0.. : [<words>]
ssl-server-verify : { none | required }
ssl-skip-self-issued-ca : [<words>]
stats : &stats-global
stats-file @3.0.. : [<words>]
stress-level @3.1.. : [<words>]
strict-limits
thread-group : [<words>]
thread-groups : [<words>]
thread-hard-limit @2.9.. : [<words>]
trace @2.7..3.0 : [<words>]
tune.applet.zero-copy-forwarding @3.0.. : [<words>]
tune.buffers.limit : [<words>]
tune.buffers.reserve : [<words>]
tune.bufsize : <size>
tune.bufsize.large @3.4.. : [<words>]
tune.bufsize.small @3.1.. : [<words>]
tune.chksize : [<words>] ; removed 2.5 "delete it"
tune.cli.max-payload-size @3.4.. : [<words>]
tune.comp.maxlevel : [<words>]
tune.defaults.purge @3.4.. : [<words>]
tune.disable-fast-forward @2.8.. : [<words>]
tune.disable-zero-copy-forwarding @2.9.. : [<words>]
tune.epoll.mask-events @3.2.. : [<words>]
tune.events.max-events-at-once @2.9.. : [<words>]
tune.fail-alloc : [<words>]
tune.fd.edge-triggered : [<words>]
tune.fd.tables @3.5.. : [<words>]
tune.glitches.kill.cpu-usage @3.1.. : [<words>]
tune.h1.be.glitches-threshold @3.4.. : [<words>]
tune.h1.fe.glitches-threshold @3.4.. : [<words>]
tune.h1.zero-copy-fwd-recv @2.9.. : [<words>]
tune.h1.zero-copy-fwd-send @2.9.. : [<words>]
tune.h2.be.glitches-threshold @3.0.. : [<words>]
tune.h2.be.initial-window-size @2.9.. : [<words>]
tune.h2.be.max-concurrent-streams @2.9.. : [<words>]
tune.h2.be.max-frames-at-once @3.4.. : [<words>]
tune.h2.be.rxbuf @3.1.. : [<words>]
tune.h2.fe.glitches-threshold @3.0.. : [<words>]
tune.h2.fe.initial-window-size @2.9.. : [<words>]
tune.h2.fe.max-concurrent-streams @2.9.. : [<words>]
tune.h2.fe.max-frames-at-once @3.4.. : [<words>]
tune.h2.fe.max-rst-at-once @3.4.. : [<words>]
tune.h2.fe.max-total-streams @3.0.. : [<words>]
tune.h2.fe.rxbuf @3.1.. : [<words>]
tune.h2.header-table-size : [<words>]
tune.h2.initial-window-size : [<words>]
tune.h2.log-errors @3.3.. : [<words>]
tune.h2.max-concurrent-streams : [<words>]
tune.h2.max-frame-size : [<words>]
tune.h2.zero-copy-fwd-send @2.9.. : [<words>]
tune.http.cookielen : [<words>]
tune.http.logurilen : [<words>]
tune.http.maxhdr : [<words>]
tune.idle-pool.shared : [<words>]
tune.idletimer : [<words>]
tune.listener.default-shards @2.7.. : [<words>]
tune.listener.multi-queue : [<words>]
tune.lua.bool-sample-conversion @3.2.. : [<words>]
tune.lua.burst-timeout @3.2.. : [<words>]
tune.lua.forced-yield : [<words>]
tune.lua.log.loggers @2.9.. : [<words>]
tune.lua.log.stderr @2.9.. : [<words>]
tune.lua.maxmem : [<words>]
tune.lua.openlibs @3.4.. : [<words>]
tune.lua.service-timeout : [<words>]
tune.lua.session-timeout : [<words>]
tune.lua.task-timeout : [<words>]
tune.max-checks-per-thread @2.9.. : [<words>]
tune.max-rules-at-once @3.2.. : [<words>]
tune.maxaccept : <int>
tune.maxpollevents : <int>
tune.maxrewrite : <int>
tune.memory.hot-size @2.8.. : [<words>]
tune.notsent-lowat.client @3.1.. : [<words>]
tune.notsent-lowat.server @3.1.. : [<words>]
tune.pattern.cache-size : [<words>]
tune.peers.max-updates-at-once : [<words>]
tune.pipesize : [<words>]
tune.pool-high-fd-ratio : [<words>]
tune.pool-low-fd-ratio : [<words>]
tune.pt.zero-copy-forwarding @2.9.. : [<words>]
tune.quic.backend.max-idle-timeou @2.9..3.0 : [<words>]
tune.quic.be.cc.cubic-min-losses @3.3.. : [<words>]
tune.quic.be.cc.hystart @3.3.. : [<words>]
tune.quic.be.cc.max-frame-loss @3.3.. : [<words>]
tune.quic.be.cc.max-win-size @3.3.. : [<words>]
tune.quic.be.cc.reorder-ratio @3.3.. : [<words>]
tune.quic.be.max-idle-timeout @3.3.. : [<words>]
tune.quic.be.sec.glitches-threshold @3.3.. : [<words>]
tune.quic.be.stream.data-ratio @3.3.. : [<words>]
tune.quic.be.stream.max-concurrent @3.3.. : [<words>]
tune.quic.be.stream.rxbuf @3.3.. : [<words>]
tune.quic.be.tx.pacing @3.3.. : [<words>]
tune.quic.be.tx.udp-gso @3.3.. : [<words>]
tune.quic.cc-hystart @3.0..3.4 : [<words>]
tune.quic.cc.cubic.min-losses @3.1..3.4 : [<words>]
tune.quic.disable-tx-pacing @3.2..3.4 : [<words>]
tune.quic.disable-udp-gso @3.1..3.4 : [<words>]
tune.quic.fe.cc.cubic-min-losses @3.3.. : [<words>]
tune.quic.fe.cc.hystart @3.3.. : [<words>]
tune.quic.fe.cc.max-frame-loss @3.3.. : [<words>]
tune.quic.fe.cc.max-win-size @3.3.. : [<words>]
tune.quic.fe.cc.reorder-ratio @3.3.. : [<words>]
tune.quic.fe.max-idle-timeout @3.3.. : [<words>]
tune.quic.fe.sec.glitches-threshold @3.3.. : [<words>]
tune.quic.fe.sec.retry-threshold @3.3.. : [<words>]
tune.quic.fe.sock-per-conn @3.3.. : [<words>]
tune.quic.fe.stream.data-ratio @3.3.. : [<words>]
tune.quic.fe.stream.max-concurrent @3.3.. : [<words>]
tune.quic.fe.stream.max-total @3.4.. : [<words>]
tune.quic.fe.stream.rxbuf @3.3.. : [<words>]
tune.quic.fe.tx.pacing @3.3.. : [<words>]
tune.quic.fe.tx.udp-gso @3.3.. : [<words>]
tune.quic.frontend.conn-tx-buffers.limit @2.6..3.2 : [<words>]
tune.quic.frontend.default-max-window-size @3.1..3.4 : [<words>]
tune.quic.frontend.glitches-threshold @3.0..3.4 : [<words>]
tune.quic.frontend.max-data-size @3.2..3.4 : [<words>]
tune.quic.frontend.max-idle-timeout @2.6..3.4 : [<words>]
tune.quic.frontend.max-streams-bidi @2.6..3.4 : [<words>]
tune.quic.frontend.max-tx-mem @3.2..3.4 : [<words>]
tune.quic.frontend.stream-data-ratio @3.2..3.4 : [<words>]
tune.quic.listen @3.3.. : [<words>]
tune.quic.max-frame-loss @2.8..3.4 : [<words>]
tune.quic.mem.tx-max @3.3.. : [<words>]
tune.quic.reorder-ratio @3.0..3.4 : [<words>]
tune.quic.retry-threshold @2.6..3.4 : [<words>]
tune.quic.socket-owner @2.8..3.4 : [<words>]
tune.quic.zero-copy-fwd-send @2.9.. : [<words>]
tune.rcvbuf.backend @2.9.. : [<words>]
tune.rcvbuf.client : [<words>]
tune.rcvbuf.frontend @2.9.. : [<words>]
tune.rcvbuf.server : [<words>]
tune.recv_enough : [<words>]
tune.renice.runtime @3.1.. : [<words>]
tune.renice.startup @3.1.. : [<words>]
tune.ring.queues @3.0.. : [<words>]
tune.runqueue-depth : [<words>]
tune.sched.low-latency : [<words>]
tune.sndbuf.backend @2.9.. : [<words>]
tune.sndbuf.client : [<words>]
tune.sndbuf.frontend @2.9.. : [<words>]
tune.sndbuf.server : [<words>]
tune.ssl.cachesize : [<words>]
tune.ssl.capture-buffer-size @2.5.. : [<words>]
tune.ssl.capture-cipherlist-size : [<words>]
tune.ssl.certificate-compression @3.4.. : [<words>]
tune.ssl.default-dh-param : <bits:int 1024..>
tune.ssl.force-private-cache : [<words>]
tune.ssl.hard-maxrecord @2.6.. : [<words>]
tune.ssl.keylog : [<words>]
tune.ssl.keyupdate-rate-limit @3.5.. : [<words>]
tune.ssl.lifetime : [<words>]
tune.ssl.maxrecord : [<words>]
tune.ssl.ocsp-update.maxdelay @2.8.. : [<words>]
tune.ssl.ocsp-update.mindelay @2.8.. : [<words>]
tune.ssl.ssl-ctx-cache-size : [<words>]
tune.stick-counters @2.8.. : [<words>]
tune.streams-elasticity @3.4.. : [<words>]
tune.takeover-other-tg-connections @3.2.. : [<words>]
tune.vars.check-max-size : [<words>]
tune.vars.global-max-size : [<words>]
tune.vars.proc-max-size : [<words>]
tune.vars.reqres-max-size : [<words>]
tune.vars.sess-max-size : [<words>]
tune.vars.txn-max-size : [<words>]
tune.zlib.memlevel : [<words>]
tune.zlib.windowsize : [<words>]
uid : <id:int>
ulimit-n : <int>
unix-bind : { prefix <prefix> | mode <mode> | user <name:word> | uid <id> | group <name:word> | gid <id> }*
unsetenv : [<words>]
user : <name:word>
warn-blocked-traffic-after @3.1.. : [<words>]
zero-warning
51degrees-allow-unmatched : [<words>] ; needs 51DEGREES
51degrees-cache-size : [<words>] ; needs 51DEGREES
51degrees-data-file : [<words>] ; needs 51DEGREES
51degrees-difference : [<words>] ; needs 51DEGREES
51degrees-drift : [<words>] ; needs 51DEGREES
51degrees-property-name-list : [<words>] ; needs 51DEGREES
51degrees-property-separator : [<words>] ; needs 51DEGREES
51degrees-use-performance-graph : [<words>] ; needs 51DEGREES
51degrees-use-predictive-graph : [<words>] ; needs 51DEGREES
deviceatlas-json-file : [<words>] ; needs DEVICEATLAS
deviceatlas-log-level : [<words>] ; needs DEVICEATLAS
deviceatlas-separator : [<words>] ; needs DEVICEATLAS
deviceatlas-properties-cookie : [<words>] ; needs DEVICEATLAS
deviceatlas-cache-size : [<words>] ; needs DEVICEATLAS
wurfl-data-file : [<words>] ; needs WURFL
wurfl-information-list : [<words>] ; needs WURFL
wurfl-information-list-separator : [<words>] ; needs WURFL
wurfl-patch-file : [<words>] ; needs WURFL
wurfl-cache-size : [<words>] ; needs WURFL
wurfl-engine-mode : [<words>] ; needs WURFL
wurfl-useragent-priority : [<words>] ; needs WURFL

[stats-global]
socket : <address:address bind> &bind*
timeout : <time>
maxconn : <int 1..>
bind-process : [<words>] ; removed 2.7 "delete it"
calculate-max-counters @3.1.. : [<words>]

