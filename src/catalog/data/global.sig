# The global section. A comment names the function of HAProxy that reads the words below it; where it changed, that of the newest version.
[global]

# cfg_parse_global()
anonkey @2.7.. : <key:atoi 0..4294967295 long> ...
busy-polling ; negatable
cluster-secret @2.6.. : <secret:word> ; first-counts text ; twice alert
cpu-map : <threads> <processors>+ code(one_processor_each)
description : <words> ; last-counts
external-check : [ preserve-env@2.8.. ]
fd-hard-limit : <number:atoi> ; first-counts number ; twice alert
gid : <id:atoi told> ; first-counts ..3.2 id ; first-counts 3.3.. always ; twice alert ; family group
group : <name:group> ; first-counts ..3.2 name ; first-counts 3.3.. always ; twice alert ; family group
h2-workaround-bogus-websocket-clients @2.5..
insecure-fork-wanted ; negatable
insecure-setuid-wanted
limited-quic @2.8..
log : <target:address log> [ len <length:atoi 80..65535> ] [ format &log-format ] [ sample <ranges:sampling> ] [ profile@3.1.. <profile:log_profile> ]
    &log-facility [ &log-level [ &log-level ] ] ; negatable ; read-by "log global"
log-send-hostname : [<name:word>] ... ; first-counts always ; twice alert
log-tag : <tag:word> ; last-counts
max-spread-checks : <time>
maxcompcpuusage : <percent:atoi 0..100>
maxcomprate : <number:atoi>
maxconn @..2.7 : <connections:atoi> ; first-counts number ; twice alert
maxconn @2.8.. : <connections:int> ; first-counts number ; twice alert
maxconnrate : <number:atoi> ; first-counts number ; twice alert
maxpipes : <number:atoi> ; first-counts number ; twice alert
maxsessrate : <number:atoi> ; first-counts number ; twice alert
maxsslrate : <number:atoi> ; first-counts number ; twice alert
maxzlibmem : <number:atoi>
no-quic @2.8..3.2 ; removed 3.3 "write `tune.quic.listen off`"
node : <name:node> ; last-counts
nogetaddrinfo
noreuseport
nosplice
numa-cpu-mapping : ... ; negatable
quick-exit @2.8..
server-state-base : <directory:word> ... ; first-counts text ; twice alert
server-state-file : <file:file optional server-state-base> ... ; first-counts text ; twice alert
set-dumpable : [ { on | off | libs } ]@3.4.. ; negatable
spread-checks : <percent:atoi 0..50> ; first-counts number ; twice alert
ssl-server-verify : { none | required }
stats-file @3.0.. : <file:word> ... ; first-counts text ; twice alert
strict-limits ; negatable
uid : <id:atoi told> ; first-counts ..3.2 id ; first-counts 3.3.. always ; twice alert ; family user
ulimit-n : <number:atoi> ; first-counts number ; twice alert
unix-bind : { prefix <prefix:word> | mode code(any_value) [ <mode:word> ] | user <name:user>
    | uid code(any_value) [ <id:word> ] | group <name:group> | gid code(any_value) [ <id:word> ] }* code(one_prefix)
user : <name:user> ; first-counts ..3.2 name ; first-counts 3.3.. always ; twice alert ; family user

# cfg_parse_global_acme_sched()
acme.scheduler @3.2.. : { auto | off }

# ssl_parse_global_path_base()
ca-base : <directory:word> ; first-counts text ; twice refusal ; read-by path "bind ca-file" ; read-by path "server ca-file"
crt-base : <directory:word> ; first-counts text ; twice refusal ; read-by path "bind crt" ; read-by path "server crt"
key-base @3.0.. : <directory:word> ; first-counts text ; twice refusal

# cfg_parse_global_chroot()
chroot : <directory> ; first-counts text ; twice ..3.0 alert ; twice 3.1.. warning

# proxy_parse_close_spread_time()
close-spread-time : { infinite | <time> } ...

# cfg_parse_cpu_affinity()
cpu-affinity @3.4.. : { per-core | per-group [ loose | auto ] | per-thread | per-ccx | auto }

# cfg_parse_cpu_policy()
cpu-policy @3.2.. : { none | performance | group-by-ccx | group-by-2-ccx | group-by-3-ccx | group-by-4-ccx | group-by-cluster | group-by-2-clusters
    | group-by-3-clusters | group-by-4-clusters | efficiency | resource | first-usable-node } [ threads-per-core { 1 | auto } ]@3.4..

# cfg_parse_cpu_set()
cpu-set @3.2.. : { reset | { drop-cpu | only-cpu | drop-node | only-node | drop-cluster | only-cluster | drop-core | only-core | drop-thread | only-thread } <numbers:processors> }+

# cfg_parse_global_mode()
daemon ; first-pass
quiet ; first-pass
zero-warning ; first-pass

# cfg_parse_global_def_path()
default-path : { current ... | config ... | parent ... | origin <path:word> ... }

# cfg_parse_dns_accept_family()
dns-accept-family @3.2.. : <families:listed ipv4 ipv6 auto>

# cfg_parse_global_non_std_directives()
expose-deprecated-directives @3.0..3.0 : ...
expose-deprecated-directives @3.1.. ; first-pass
expose-experimental-directives @..3.0 : ...
expose-experimental-directives @3.1..

# cfg_parse_global_parser_pause()
force-cfg-parser-pause @3.1.. : <pause:timer 0..65535> ; experimental

# proxy_parse_grace()
grace @2.5.. : <time> ...

# cfg_parse_h1_accept_payload_with_any_method()
h1-accept-payload-with-any-method @2.6..

# cfg_parse_h1_header_case_adjust()
h1-case-adjust : <from:word> <to:word> code(same_header) ; first-counts each ; twice refusal

# cfg_parse_h1_headers_case_adjust_file()
h1-case-adjust-file : <file>

# cfg_parse_h1_do_not_close_insecure_t_e()
h1-do-not-close-on-insecure-transfer-encoding @3.1..

# proxy_parse_hard_stop_after()
hard-stop-after : <time> ... ; last-counts

# cfg_parse_reject_privileged_ports()
harden.reject-privileged-ports.quic @2.7.. : { on | off } ...
harden.reject-privileged-ports.tcp @2.7.. : { on | off } ...

# http_parse_http_err_fail_codes()
http-err-codes @2.9.. : <codes:statuses>+
http-fail-codes @2.9.. : <codes:statuses>+

# httpclient_parse_global_resolvers_disabled()
httpclient.resolvers.disabled @2.8.. : { on | off }

# httpclient_parse_global_resolvers()
httpclient.resolvers.id @2.6.. : [<name:resolvers>]

# httpclient_parse_global_prefer()
httpclient.resolvers.prefer @2.6.. : { ipv4 | ipv6 }

# httpclient_parse_global_retries()
httpclient.retries @2.7.. : <retries:atoi>

# httpclient_parse_global_ca_file()
httpclient.ssl.ca-file @2.6.. : [<name:word>]

# httpclient_parse_global_verify()
httpclient.ssl.verify @2.6.. : { none | required }

# httpclient_parse_global_timeout_connect()
httpclient.timeout.connect @2.7.. : <time>

# ssl_load_global_issuers_from_path()
issuers-chain-path : <directory:word>

# jwe_parse_global_alg_enc_list()
jwt.decrypt_alg_list @3.4.. : [<algorithms:decryption RSA1_5 RSA-OAEP RSA-OAEP-256 A128KW A192KW A256KW dir ECDH-ES ECDH-ES+A128KW ECDH-ES+A192KW ECDH-ES+A256KW A128GCMKW A192GCMKW A256GCMKW PBES2-HS256+A128KW PBES2-HS384+A192KW PBES2-HS512+A256KW>] ...
jwt.decrypt_enc_list @3.4.. : [<encodings:decryption A128CBC-HS256 A192CBC-HS384 A256CBC-HS512 A128GCM A192GCM A256GCM>] ...

# cfg_parse_global_localpeer()
localpeer : <name:word> ; first-pass

# hlua_load()
lua-load : <file> [<words>] ; needs LUA

# hlua_load_per_thread()
lua-load-per-thread : <file> [<words>] ; needs LUA

# hlua_config_prepend_path()
lua-prepend-path : <path:word> [ { path | cpath } ] ; needs LUA

# cfg_parse_global_master_worker()
master-worker @..3.4 : [ no-exit-on-failure ] ; first-pass
master-worker @3.5.. : code(not_alone) [ no-exit-on-failure ] ; first-pass

# cfg_parse_maxthreadpertgroup()
max-threads-per-group @3.4.. : <threads:int 0..64>

# ssl_parse_global_int()
maxsslconn : <number:atoi 0..>
tune.ssl.cachesize : <number:atoi 0..>
tune.ssl.hard-maxrecord @2.6.. : <number:atoi 0..>
tune.ssl.maxrecord : <number:atoi 0..>
tune.ssl.ssl-ctx-cache-size : <number:atoi 0..>

# mworker_parse_global_max_reloads()
# Older ones only warn of a wrong number.
mworker-max-reloads @..2.8.24 : [<number:atoi>] code(told_surplus)
mworker-max-reloads @2.8.25..2.8 : <number:atoi 0..>
mworker-max-reloads @2.9..3.1 : [<number:atoi>] code(told_surplus)
mworker-max-reloads @3.2.. : <number:atoi 0..> ; first-pass

# cfg_parse_global_unsupported_opts()
nbproc : [<words>] ; removed 2.5 delete "threads take its place"
tune.chksize : [<words>] ; removed 2.5 delete

# cfg_parse_nbthread()
nbthread : { <threads:int 1..64>@..2.6 | <threads:int 1..256>@2.7..3.1 | <threads:int 1..1024>@3.2.. } code(before_sections) ; last-counts

# mem_parse_global_no_mem_trim()
no-memory-trimming @2.6..

# cfg_parse_global_disable_poller()
noepoll ; first-pass
noevports ; first-pass
nokqueue ; first-pass
nopoll ; first-pass

# cfg_parse_global_disable_ktls()
noktls @3.3.. ; first-pass

# ssl_parse_global_ocsp_update_disable()
ocsp-update.disable @3.0.. : code(told_on_off) ...

# ocsp_update_parse_global_http_proxy()
ocsp-update.httpproxy @3.0.. : <proxy:address proxy>

# ssl_parse_global_ocsp_maxdelay()
ocsp-update.maxdelay @3.0.. : <seconds:atoi 0..> code(ocsp_delay) ...
tune.ssl.ocsp-update.maxdelay @2.8.. : <seconds:atoi 0..> code(ocsp_delay) ... ; discouraged 3.0 -> ocsp-update.maxdelay

# ssl_parse_global_ocsp_mindelay()
ocsp-update.mindelay @3.0.. : <seconds:atoi 0..> code(ocsp_delay) ...
tune.ssl.ocsp-update.mindelay @2.8.. : <seconds:atoi 0..> code(ocsp_delay) ... ; discouraged 3.0 -> ocsp-update.mindelay

# ssl_parse_global_ocsp_update_mode()
ocsp-update.mode @3.0.. : code(told_on_off) ...

# cfg_parse_global_pidfile()
pidfile : <file:created> ; first-pass ; first-counts text ; twice ..3.0 alert ; twice 3.1.. warning

# cfg_parse_pp2_never_send_local()
pp2-never-send-local

# cfg_parse_prealloc_fd()
prealloc-fd @2.8..

# cfg_parse_global_env_opts()
presetenv @..2.8.24 : <name:word> <value:word> [<ignored:word>]
presetenv @2.8.25..2.8 : <name:word> <value:word>
presetenv @2.9..3.0 : <name:word> <value:word> [<ignored:word>]
presetenv @3.1.. : <name:word> <value:word> ; first-pass
resetenv : <name:word>* ; first-pass
setenv @..2.8.24 : <name:word> <value:word> [<ignored:word>]
setenv @2.8.25..2.8 : <name:word> <value:word>
setenv @2.9..3.0 : <name:word> <value:word> [<ignored:word>]
setenv @3.1.. : <name:word> <value:word> ; first-pass
unsetenv : <name:word>+ ; first-pass

# cfg_parse_prof_memory()
profiling.memory : { on | off } ; rare 2.4.. MEMORY_PROFILING

# cfg_parse_prof_tasks()
profiling.tasks @..3.3 : { on | auto | off }
profiling.tasks @3.4.. : { on | auto | off | lock | no-lock | memory | no-memory }+

# vars_parse_global_set_var()
set-var : <variable:var> <sample> code(process_variable) ... ; fetches configuration
set-var-fmt : <variable:var> <format:fmt> code(process_variable) ... ; fetches configuration

# cfg_parse_global_setcap()
setcap @2.7.. : <capabilities:capabilities> ...

# cfg_parse_global_shm_stats_file()
shm-stats-file @3.3..3.3 : <file:word> ... ; experimental ; first-counts text ; twice refusal
shm-stats-file @3.4.. : <file:word> ... ; first-counts text ; twice refusal

# cfg_parse_global_shm_stats_file_max_objects()
shm-stats-file-max-objects @3.3..3.3 : <objects:atoi> ... ; experimental
shm-stats-file-max-objects @3.4.. : <objects:atoi> ...

# ssl_parse_global_ciphers()
ssl-default-bind-ciphers : <list:word> ; read-by "bind ssl"
ssl-default-server-ciphers : <list:word> ; read-by "server ssl"

# ssl_parse_global_ciphersuites()
ssl-default-bind-ciphersuites : <list:word> ; read-by "bind ssl"
ssl-default-server-ciphersuites : <list:word> code(known_to_tls) ; read-by "server ssl"

# ssl_parse_global_client_sigalgs()
ssl-default-bind-client-sigalgs @2.8.. : <list:word> ; read-by "bind ssl"
ssl-default-server-client-sigalgs @2.9.. : <list:word> code(known_to_tls) ; read-by "server ssl"

# ssl_parse_global_curves()
ssl-default-bind-curves : <list:word> ; read-by "bind ssl"
ssl-default-server-curves @2.9.. : <list:word> code(known_to_tls) ; read-by "server ssl"

# ssl_parse_default_bind_options()
ssl-default-bind-options : { no-sslv3 | no-tlsv10 | no-tlsv11 | no-tlsv12 | no-tlsv13 | force-sslv3 | force-tlsv10 | force-tlsv11 | force-tlsv12 | force-tlsv13
    | no-tls-tickets | tls-tickets@3.2.. | prefer-client-ciphers | strict-sni@3.2.. | no-strict-sni@3.2.. | ssl-min-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
    | ssl-max-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 } }+ ; read-by "bind ssl"

# ssl_parse_global_sigalgs()
ssl-default-bind-sigalgs @2.8.. : <list:word> ; read-by "bind ssl"
ssl-default-server-sigalgs @2.9.. : <list:word> code(known_to_tls) ; read-by "server ssl"

# ssl_parse_default_server_options()
ssl-default-server-options : { no-sslv3 | no-tlsv10 | no-tlsv11 | no-tlsv12 | no-tlsv13 | force-sslv3 | force-tlsv10 | force-tlsv11 | force-tlsv12 | force-tlsv13
    | no-tls-tickets | renegotiate@3.3.. | no-renegotiate@3.3.. | ssl-min-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
    | ssl-max-ver { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 } }+ ; read-by "server ssl"

# ssl_parse_global_dh_param_file()
ssl-dh-param-file : <file>

# ssl_parse_global_ssl_engine()
# USE_ENGINE is off by default from 2.6 on.
ssl-engine : <words> ; rare 2.6.. ENGINE

# ssl_parse_global_extra_noext()
ssl-load-extra-del-ext : ...

# ssl_parse_global_extra_files()
ssl-load-extra-files : { none | all | { bundle | sctl | ocsp | issuer | key }+ }

# ssl_parse_global_ssl_async()
ssl-mode-async : ...

# ssl_parse_global_passphrase_cmd()
ssl-passphrase-cmd @3.3.. : code(told_if_alone) <words>

# ssl_parse_global_ssl_propquery()
ssl-propquery @2.6.. : <query:properties> ...

# ssl_parse_global_ssl_provider()
ssl-provider @2.6.. : <name:word> ...

# ssl_parse_global_ssl_provider_path()
ssl-provider-path @2.6.. : <directory:word> ...

# ssl_parse_security_level()
ssl-security-level @3.0.. : <level:int 0..5 wraps> ...

# ssl_parse_skip_self_issued_ca()
ssl-skip-self-issued-ca : ...

# cli_parse_global()
stats : &stats-global

# cfg_parse_global_stress_level()
stress-level @3.1.. : <level:int 0..9 wraps>

# cfg_parse_thread_group()
thread-group @2.5.. : { <group:int 1..1>@..2.6 | <group:int 1..16>@2.7..3.1 | <group:int 1..32>@3.2.. } { <threads:range 1..64>@..2.6 | <threads:range 1..256>@2.7..3.1 | <threads:range 1..1024>@3.2.. }* code(group_of_threads) code(before_sections)

# cfg_parse_thread_groups()
thread-groups @2.5.. : { <number:int 1..1>@..2.6 | <number:int 1..16>@2.7..3.1 | <number:int 1..32>@3.2.. } code(before_sections)

# cfg_parse_thread_hard_limit()
thread-hard-limit @2.9.. : { <threads:int 1..256>@..3.1 | <threads:int 1..1024>@3.2.. }

# cfg_parse_trace()
trace @2.7..3.0 : code(told_if_alone) &trace-source ; experimental

# cfg_parse_applet_zero_copy_fwd()
tune.applet.zero-copy-forwarding @3.0.. : { on | off }

# cfg_parse_tune_buffers_limit()
tune.buffers.limit @..2.9 : <number:atoi>
tune.buffers.limit @3.0.. : [<number:atoi 0..>]

# cfg_parse_tune_buffers_reserve()
tune.buffers.reserve @..2.9 : <number:atoi>
tune.buffers.reserve @3.0.. : [<number:atoi 0..>]

# cfg_parse_global_tune_opts()
tune.bufsize @..3.0 : <bytes:atoi 1..>
tune.bufsize @3.1.. : <size:bytes 1..2147483631>
tune.comp.maxlevel : <level:atoi 1..9>
tune.defaults.purge @3.4..3.4 : [<value:word>]
tune.defaults.purge @3.5.. : code(purged)
tune.fd.tables @3.5.. : { per-thread-group | shared } ; experimental
tune.glitches.kill.cpu-usage @3.1.. : <percent:atoi 0..100>
tune.http.cookielen : <number:atoi>
tune.http.logurilen : <number:atoi>
tune.http.maxhdr : <number:atoi 1..32767>
tune.idletimer : <time> code(idle_timer)
tune.max-rules-at-once @3.2.. : <rules:atoi 0..>
tune.maxaccept : <number:atoi ..2147483647 long> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.maxpollevents : { <number:atoi ..1000000>@2.8.25..2.8 | <number:atoi ..1000000>@3.3.. | <number:atoi> } ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.maxrewrite : <bytes:atoi 0..>
tune.notsent-lowat.client @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.notsent-lowat.server @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.pattern.cache-size @..3.0 : <entries:atoi 0..> ...
tune.pattern.cache-size @3.1.. : <entries:atoi 0..>
tune.pipesize @..3.0 : <bytes:atoi>
tune.pipesize @3.1.. : <size:size 32>
tune.rcvbuf.client @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.rcvbuf.client @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.rcvbuf.server @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.rcvbuf.server @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.recv_enough @..3.0 : <bytes:atoi>
tune.recv_enough @3.1.. : <size:bytes 0..2147483647>
tune.runqueue-depth : <number:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sndbuf.client @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sndbuf.client @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sndbuf.server @..3.0 : <bytes:atoi> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.sndbuf.server @3.1.. : <size:size 32> ; first-counts number ; twice ..3.0 alert ; twice 3.1.. warning
tune.streams-elasticity @3.4.. : <percent:int> code(elasticity)
tune.takeover-other-tg-connections @3.2.. : { none | restricted | full } ; deprecated 3.5 "write `tune.idle-pool.shared` with `off`, `on` or `full`"

# cfg_parse_tune_bufsize_large()
tune.bufsize.large @3.4.. : <size:size 32 nonzero>

# cfg_parse_tune_bufsize_small()
tune.bufsize.small @3.1.. : <size:size 32 nonzero>

# cli_parse_global_max_payload_size()
tune.cli.max-payload-size @3.4.. : <size:size 32>

# cfg_parse_global_tune_forward_opts()
tune.disable-fast-forward @2.8..3.2 ; experimental
tune.disable-fast-forward @3.3..
tune.disable-zero-copy-forwarding @2.9..

# cfg_parse_tune_epoll_mask_events()
tune.epoll.mask-events @3.2.. : [<events:listed err hup rdhup>]

# event_hdl_parse_max_events_at_once()
tune.events.max-events-at-once @2.9.. : <events:atoi 1..10000>

# mem_parse_global_fail_alloc()
tune.fail-alloc : [<percent:atoi 0..100>]

# cfg_parse_tune_fd_edge_triggered()
tune.fd.edge-triggered : { on | off } ; experimental

# cfg_parse_h1_glitches_threshold()
tune.h1.be.glitches-threshold @3.4.. : [<number:atoi 0..>]
tune.h1.fe.glitches-threshold @3.4.. : [<number:atoi 0..>]

# cfg_parse_h1_zero_copy_fwd_rcv()
tune.h1.zero-copy-fwd-recv @2.9.. : { on | off }

# cfg_parse_h1_zero_copy_fwd_snd()
tune.h1.zero-copy-fwd-send @2.9.. : { on | off }

# h2_parse_glitches_threshold()
tune.h2.be.glitches-threshold @2.7.. : [<number:atoi 0..>]
tune.h2.fe.glitches-threshold @2.7.. : [<number:atoi 0..>]

# h2_parse_initial_window_size()
tune.h2.be.initial-window-size @2.7.. : [<bytes:atoi 0..>]
tune.h2.fe.initial-window-size @2.7.. : [<bytes:atoi 0..>]
tune.h2.initial-window-size : [<bytes:atoi 0..>]

# h2_parse_max_concurrent_streams()
tune.h2.be.max-concurrent-streams @2.7.. : [<streams:atoi 0..>]
tune.h2.fe.max-concurrent-streams @2.7.. : [<streams:atoi 0..>] [ rq-load@3.4.. { ignore | auto | <load:atoi 1..> } | min@3.4.. <streams:atoi 1..> code(fewer_streams) ]*
tune.h2.max-concurrent-streams : [<streams:atoi 0..>]

# h2_parse_max_frames_at_once()
tune.h2.be.max-frames-at-once @3.4.. : [<frames:atoi>]
tune.h2.fe.max-frames-at-once @3.4.. : [<frames:atoi>]
tune.h2.fe.max-rst-at-once @3.4.. : [<frames:atoi>]

# h2_parse_rxbuf()
tune.h2.be.rxbuf @3.1.. : <size:size 32>
tune.h2.fe.rxbuf @3.1.. : <size:size 32>

# h2_parse_max_total_streams()
tune.h2.fe.max-total-streams @2.7.. : [<number:atoi 0..>]

# h2_parse_header_table_size()
tune.h2.header-table-size : <bytes:atoi 4096..65536>

# h2_parse_log_errors()
tune.h2.log-errors @3.3.. : { none | connection | stream }

# h2_parse_max_frame_size()
tune.h2.max-frame-size : <bytes:atoi 16384..16777215>

# h2_parse_zero_copy_fwd_snd()
tune.h2.zero-copy-fwd-send @2.9.. : { on | off }

# cfg_parse_idle_pool_shared()
tune.idle-pool.shared : { on | off | full@3.4.. }

# cfg_parse_tune_listener_shards()
tune.listener.default-shards @2.7.. : { by-thread | by-group | by-process }

# cfg_parse_tune_listener_mq()
tune.listener.multi-queue @..2.6 : { on | off }
tune.listener.multi-queue @2.7.. : { on | fair | off }

# hlua_cfg_parse_bool_sample_conversion()
tune.lua.bool-sample-conversion @3.2.. : { normal | pre-3.1-bug } ; needs LUA

# hlua_burst_timeout()
tune.lua.burst-timeout @2.7.. : <time> ... ; needs LUA

# hlua_forced_yield()
tune.lua.forced-yield : [<instructions:int>] ... ; needs LUA

# hlua_cfg_parse_log_loggers()
tune.lua.log.loggers @2.7.. : { on | off } ; needs LUA

# hlua_cfg_parse_log_stderr()
tune.lua.log.stderr @2.7.. : { on | auto | off } ; needs LUA

# hlua_parse_maxmem()
tune.lua.maxmem : <megabytes:int> ... ; needs LUA

# hlua_cfg_parse_openlibs()
tune.lua.openlibs @3.4.. : <libraries:word> code(lua_libraries) ; needs LUA

# hlua_applet_timeout()
tune.lua.service-timeout : <time> ... ; needs LUA

# hlua_session_timeout()
tune.lua.session-timeout : <time> ... ; needs LUA

# hlua_task_timeout()
tune.lua.task-timeout : <time> ... ; needs LUA

# check_parse_global_max_checks()
tune.max-checks-per-thread @2.9.. : [<checks:atoi>]

# mem_parse_global_hot_size()
tune.memory.hot-size @2.8.. : <bytes:atoi 1.. long>

# cfg_parse_max_updt_at_once()
tune.peers.max-updates-at-once : <number:atoi 1..>

# cfg_parse_pool_fd_ratio()
tune.pool-high-fd-ratio : <percent:atoi 0..100>
tune.pool-low-fd-ratio : <percent:atoi 0..100>

# cfg_parse_pt_zero_copy_fwd()
tune.pt.zero-copy-forwarding @2.9.. : { on | off }

# cfg_parse_quic_time()
tune.quic.backend.max-idle-timeou @2.6..3.0 : code(unhandled) [<value:word>] ; needs QUIC
tune.quic.be.max-idle-timeout @3.3.. : <time> ; needs QUIC
tune.quic.fe.max-idle-timeout @3.3.. : <time> ; needs QUIC
tune.quic.frontend.max-idle-timeout @2.6.. : <time> ; needs QUIC ; removed 3.5 -> tune.quic.fe.max-idle-timeout ; deprecated 3.3 -> tune.quic.fe.max-idle-timeout

# cfg_parse_quic_tune_setting()
tune.quic.be.cc.cubic-min-losses @3.3.. : <packets:atoi nonzero> ; needs QUIC
tune.quic.be.cc.max-frame-loss @3.3.. : <frames:atoi nonzero> ; needs QUIC
tune.quic.be.cc.max-win-size @3.3.. : <size:window> ; needs QUIC
tune.quic.be.cc.reorder-ratio @3.3.. : <percent:atoi nonzero> ; needs QUIC
tune.quic.be.sec.glitches-threshold @3.3.. : <number:atoi nonzero> ; needs QUIC
tune.quic.be.stream.data-ratio @3.3.. : <percent:atoi 1..100> ; needs QUIC
tune.quic.be.stream.max-concurrent @3.3.. : <streams:atoi nonzero> ; needs QUIC
tune.quic.be.stream.rxbuf @3.3.. : <size:size 32> code(one_or_more) ; needs QUIC
tune.quic.cc.cubic.min-losses @3.1.. : <packets:atoi nonzero> ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.cubic-min-losses ; deprecated 3.3 -> tune.quic.fe.cc.cubic-min-losses
tune.quic.fe.cc.cubic-min-losses @3.3.. : <packets:atoi nonzero> ; needs QUIC
tune.quic.fe.cc.max-frame-loss @3.3.. : <frames:atoi nonzero> ; needs QUIC
tune.quic.fe.cc.max-win-size @3.3.. : <size:window> ; needs QUIC
tune.quic.fe.cc.reorder-ratio @3.3.. : <percent:atoi nonzero> ; needs QUIC
tune.quic.fe.sec.glitches-threshold @3.3.. : <number:atoi nonzero> ; needs QUIC
tune.quic.fe.sec.retry-threshold @3.3.. : <number:atoi nonzero> ; needs QUIC
tune.quic.fe.stream.data-ratio @3.3.. : <percent:atoi 1..100> ; needs QUIC
tune.quic.fe.stream.max-concurrent @3.3.. : <streams:atoi nonzero> ; needs QUIC
tune.quic.fe.stream.max-total @3.4.. : <streams:atoi nonzero> ; needs QUIC
tune.quic.fe.stream.rxbuf @3.3.. : <size:size 32> code(one_or_more) ; needs QUIC
tune.quic.frontend.conn-tx-buffers.limit @2.6.. : <buffers:atoi nonzero> ; needs QUIC ; removed 3.3 delete "it had no effect any more" ; warns 3.1..3.2 "it has no effect any more"
tune.quic.frontend.default-max-window-size @3.1.. : <size:window> ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.max-win-size ; deprecated 3.3 -> tune.quic.fe.cc.max-win-size
tune.quic.frontend.glitches-threshold @3.0.. : <number:atoi nonzero> ; needs QUIC ; removed 3.5 -> tune.quic.fe.sec.glitches-threshold ; deprecated 3.3 -> tune.quic.fe.sec.glitches-threshold
tune.quic.frontend.max-data-size @3.2.. : <size:size 32> code(one_or_more) ; needs QUIC ; removed 3.5 -> tune.quic.fe.stream.rxbuf ; deprecated 3.3 -> tune.quic.fe.stream.rxbuf
tune.quic.frontend.max-streams-bidi @2.6.. : <streams:atoi nonzero> ; needs QUIC ; removed 3.5 -> tune.quic.fe.stream.max-concurrent ; deprecated 3.3 -> tune.quic.fe.stream.max-concurrent
tune.quic.frontend.max-tx-mem @3.2.. : <size:size> code(one_or_more) ; needs QUIC ; removed 3.5 -> tune.quic.mem.tx-max ; deprecated 3.3 -> tune.quic.mem.tx-max
tune.quic.frontend.stream-data-ratio @3.2.. : <percent:atoi 1..100> ; needs QUIC ; removed 3.5 -> tune.quic.fe.stream.data-ratio ; deprecated 3.3 -> tune.quic.fe.stream.data-ratio
tune.quic.max-frame-loss @2.8.. : <frames:atoi nonzero> ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.max-frame-loss ; deprecated 3.3 -> tune.quic.fe.cc.max-frame-loss
tune.quic.mem.tx-max @3.3.. : <size:size> code(one_or_more) ; needs QUIC
tune.quic.reorder-ratio @3.0.. : <percent:atoi 1..100> ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.reorder-ratio ; deprecated 3.3 -> tune.quic.fe.cc.reorder-ratio
tune.quic.retry-threshold @2.6.. : <number:atoi nonzero> ; needs QUIC ; removed 3.5 -> tune.quic.fe.sec.retry-threshold ; deprecated 3.3 -> tune.quic.fe.sec.retry-threshold

# cfg_parse_quic_tune_on_off()
tune.quic.be.cc.hystart @3.3.. : { on | off } ; needs QUIC
tune.quic.be.tx.pacing @3.3.. : { on | off } ; needs QUIC
tune.quic.be.tx.udp-gso @3.3.. : { on | off } ; needs QUIC
tune.quic.cc-hystart @3.0.. : { on | off } ; needs QUIC ; removed 3.5 -> tune.quic.fe.cc.hystart ; deprecated 3.3 -> tune.quic.fe.cc.hystart
tune.quic.fe.cc.hystart @3.3.. : { on | off } ; needs QUIC
tune.quic.fe.tx.pacing @3.3.. : { on | off } ; needs QUIC
tune.quic.fe.tx.udp-gso @3.3.. : { on | off } ; needs QUIC
tune.quic.listen @3.3.. : { on | off } ; needs QUIC
tune.quic.zero-copy-fwd-send @2.9.. : { on | off } ; needs QUIC

# cfg_parse_quic_tune_setting0()
tune.quic.disable-tx-pacing @3.2.. ; needs QUIC ; removed 3.5 "write `tune.quic.fe.tx.pacing off`" ; deprecated 3.3 "write `tune.quic.fe.tx.pacing off`"
tune.quic.disable-udp-gso @3.1.. ; needs QUIC ; removed 3.5 "write `tune.quic.fe.tx.udp-gso off`" ; deprecated 3.3 "write `tune.quic.fe.tx.udp-gso off`"

# cfg_parse_quic_tune_sock_per_conn()
tune.quic.fe.sock-per-conn @3.3.. : { default-on | force-off } ; needs QUIC

# cfg_parse_quic_tune_socket_owner()
tune.quic.socket-owner @2.8.. : { connection | listener } ; needs QUIC ; removed 3.5 "write `tune.quic.fe.sock-per-conn`" ; deprecated 3.3 "write `tune.quic.fe.sock-per-conn`"

# dgram_parse_tune_bufs()
tune.rcvbuf.backend @2.9..3.0 : <bytes:atoi 1..> ; first-counts number ; twice warning
tune.rcvbuf.backend @3.1.. : <size:size 32 nonzero> ; first-counts number ; twice warning
tune.rcvbuf.frontend @2.9..3.0 : <bytes:atoi 1..> ; first-counts number ; twice warning
tune.rcvbuf.frontend @3.1.. : <size:size 32 nonzero> ; first-counts number ; twice warning
tune.sndbuf.backend @2.9..3.0 : <bytes:atoi 1..> ; first-counts number ; twice warning
tune.sndbuf.backend @3.1.. : <size:size 32 nonzero> ; first-counts number ; twice warning
tune.sndbuf.frontend @2.9..3.0 : <bytes:atoi 1..> ; first-counts number ; twice warning
tune.sndbuf.frontend @3.1.. : <size:size 32 nonzero> ; first-counts number ; twice warning

# cfg_parse_tune_renice()
tune.renice.runtime @3.1.. : [<priority:int -20..19 wraps>]
tune.renice.startup @3.1.. : [<priority:int -20..19 wraps>]

# cfg_parse_tune_ring_queues()
tune.ring.queues @3.0.. : [<queues:atoi 0..16>]

# cfg_parse_tune_sched_low_latency()
tune.sched.low-latency : { on | off }

# ssl_parse_global_capture_buffer()
tune.ssl.capture-buffer-size @2.5.. : <number:atoi 0..> ; first-counts always ; twice refusal ; family capture-buffer
tune.ssl.capture-cipherlist-size : <number:atoi 0..> ; deprecated 2.5 -> tune.ssl.capture-buffer-size ; first-counts always ; twice refusal ; family capture-buffer

# ssl_parse_certificate_compression()
tune.ssl.certificate-compression @2.8.1..2.8 : { auto | off }
tune.ssl.certificate-compression @3.0.1..3.1 : { auto | off }
tune.ssl.certificate-compression @3.2.1.. : { auto | off }

# ssl_parse_global_default_dh()
tune.ssl.default-dh-param : <bits:atoi> code(dh_bits)

# ssl_parse_global_private_cache()
tune.ssl.force-private-cache

# ssl_parse_global_keylog()
tune.ssl.keylog : { on | off }

# ssl_parse_global_keyupdate_ratelimit()
tune.ssl.keyupdate-rate-limit @3.5.. : <number:atoi 0..>

# ssl_parse_global_lifetime()
tune.ssl.lifetime : <lifetime:time s>

# stk_parse_stick_counters()
tune.stick-counters @2.8..3.2 : [<number:int 0.. wraps>] ...
tune.stick-counters @3.3.. : [<number:int 0..100 wraps>] ...

# vars_max_size_check()
tune.vars.check-max-size : [<bytes:int>] ...

# vars_max_size_global()
tune.vars.global-max-size : [<bytes:int>] ...

# vars_max_size_proc()
tune.vars.proc-max-size : [<bytes:int>] ...

# vars_max_size_reqres()
tune.vars.reqres-max-size : [<bytes:int>] ...

# vars_max_size_sess()
tune.vars.sess-max-size : [<bytes:int>] ...

# vars_max_size_txn()
tune.vars.txn-max-size : [<bytes:int>] ...

# zlib_parse_global_memlevel()
tune.zlib.memlevel : <level:atoi 1..9> ; needs ZLIB

# zlib_parse_global_windowsize()
tune.zlib.windowsize : <bits:atoi 8..15> ; needs ZLIB

# wdt_parse_warn_blocked()
warn-blocked-traffic-after @3.1.. : <time:timer 1..1000> ...

# addons/51degrees/51d.c, addons/deviceatlas/da.c, addons/wurfl/wurfl.c
51degrees-allow-unmatched @2.8.. : { on | off } ; needs 51DEGREES
51degrees-cache-size : <entries:atoi 0..> ... ; needs 51DEGREES
51degrees-data-file : <file> ... ; needs 51DEGREES
51degrees-difference @2.8.. : <number:atoi 0..> ... ; needs 51DEGREES
51degrees-drift @2.8.. : <number:atoi 0..> ... ; needs 51DEGREES
51degrees-property-name-list : <names:words> ; needs 51DEGREES
51degrees-property-separator : <separator:letter> ... ; needs 51DEGREES
51degrees-use-performance-graph @2.8.. : { on | off } ; needs 51DEGREES
51degrees-use-predictive-graph @2.8.. : { on | off } ; needs 51DEGREES
deviceatlas-cache-size @3.0.. : <entries:atoi> ... ; needs DEVICEATLAS
deviceatlas-json-file : <file> ... ; needs DEVICEATLAS
deviceatlas-log-level @..3.3 : <level:atoi> ... ; needs DEVICEATLAS
deviceatlas-log-level @3.4.. : <level:atoi 0..3> ... ; needs DEVICEATLAS
deviceatlas-properties-cookie : <name:word> ... ; needs DEVICEATLAS
deviceatlas-property-separator : <separator:word> ... ; needs DEVICEATLAS
wurfl-cache-size : <size:word> ... ; needs WURFL
wurfl-data-file : <file> ... ; needs WURFL
wurfl-engine-mode : ... ; needs WURFL
wurfl-information-list : <names:words> ; needs WURFL
wurfl-information-list-separator : <separator:letter> ... ; needs WURFL
wurfl-patch-file : <files:words> ; needs WURFL
wurfl-useragent-priority : ... ; needs WURFL

# cli_parse_global()
[stats-global]
socket : <address:address bind> &bind*
timeout : <timeout:delay> ...
maxconn : <connections:atoi 1..> ...
bind-process : [ { all ... | <processes:processes> }+ ] ; removed 2.7 delete
calculate-max-counters @3.4.. : code(on_or_off) ...

