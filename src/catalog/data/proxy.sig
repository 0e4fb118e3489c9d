# defaults, frontend, listen, backend (cfgparse-listen.c and the files that register keywords).
[proxy]
bind (F L b) : <address:address bind> &bind*
server (L B) : <name:name> <address:address server> [ from@3.5.. <origin:origin> ] &server* code(server_checks) ; fetches server-connection
server-template (L B) : <prefix:word> <servers:count> <address:address server> [ from@3.5.. <origin:origin> ] &server* code(server_checks) ; fetches server-connection
default-server (D L B) : [ name@3.5.. <name:word> ] [ from@3.5.. <origin:origin> ] &server* ; fetches server-connection
mode (D F L B) : { tcp | http | { log code(needs_backend) }@2.9.. | { spop code(needs_backend) }@3.1.. | { haterm code(needs_frontend) }@3.4.. } ; last-counts
balance (D f L B) : [ { roundrobin ... | static-rr ... | first ... | leastconn ... | source ...
        | uri [ whole | path-only | len <length:atoi 1..> | depth <depth:atoi 1..> ]*
        | url_param <name:word> [ check_post ... ]
        | hash@2.6.. <sample>
        | hdr(<name:word>) [ use_domain_only ... ]
        | random ... | random([<draws:int 1..>]) ... | rdp-cookie ... | rdp-cookie(<name:word>) ...
        | log-hash@2.9.. <converters> ... | sticky@2.9.. ... } ] ; last-counts ; of-backends ; fetches server-choice
hash-type (D f L B) : { consistent | map-based } [ { sdbm | djb2 | wt6 | crc32 | none@2.9.. } [ avalanche ... ] ] ; last-counts ; of-backends
hash-balance-factor (D F L B) : <percent:atoi> code(balance_factor) ... ; last-counts
hash-preserve-affinity (D L B) @3.1.. : { always | maxconn | maxqueue } ...
timeout (D F L B) : &timeout ; last-counts each ; twice warning
option (D F L B) : &option ; last-counts each ; negatable
stats (D F L B) : &stats ; answers ; fetches http-request
acl (F L B) @..2.4 : <name:name> <acl>
acl (D! F L B) @2.5.. : <name:name> <acl>
http-request (F L B) @..2.4 : &http-request ; aborts ; http-only ; rules ; before "redirect" ; raw-told ; fetches http-request
http-request (D! F L B) @2.5.. : &http-request ; aborts ; http-only ; rules ; before "redirect" ; raw-told ; fetches http-request
http-response (F L B) @..2.4 : &http-response ; aborts ; http-only ; rules ; raw-told ; fetches http-response
http-response (D! F L B) @2.5.. : &http-response ; aborts ; http-only ; rules ; raw-told ; fetches http-response
http-after-response (F L B) @..2.4 : &http-after-response ; aborts ; http-only ; rules ; raw-told ; fetches http-response
http-after-response (D! F L B) @2.5.. : &http-after-response ; aborts ; http-only ; rules ; raw-told ; fetches http-response
tcp-request (D! F L B) : &tcp-request ; raw-told ; fetches tcp-request
tcp-response (D! F L B) : &tcp-response ; raw-told ; fetches tcp-response
quic-initial (D! F L) @3.1.. : code(http_only) &quic-initial ; rules ; before "tcp-request connection" ; fetches connection
default_backend (D F L b) : <backend> ; last-counts ; of-frontends ; answers
monitor-uri (D F L b) : <uri:word> ; last-counts ; of-frontends ; answers
monitor-net (D F L B) : [<words>] ; removed 2.3 "write `http-request return status 200 if { src NETWORK }`"
be-unpublished (L B) @3.5.. : ...
log (D F L B) : { global | <target:address log> [ len <length:atoi 80..65535> ] [ format &log-format ] [ sample <ranges:sampling> ] [ profile@3.1.. <profile:log_profile> ]
    &log-facility [ &log-level [ &log-level ] ] } ; negatable
log-format (D F L b) : <format:fmt> ; last-counts ; family log-format "the log format" ; of-frontends ; fetches log
log-format-sd (D F L b) : <format:fmt> ; last-counts ; of-frontends ; fetches log
error-log-format (D F L b) @2.5.. : <format:fmt> ; last-counts ; of-frontends ; fetches log
log-tag (D F L B) : <tag:word> ... ; last-counts
# px_parse_log_steps() of log.c; 3.1.0 and 3.2.0 refuse the steps of actions by mistake.
log-steps (D F L) @3.1.. : [ { all | <steps:listed accept request connect response close quic-init http-req http-res http-after-res tcp-req-conn tcp-req-sess tcp-req-cont tcp-res-cont> } ] ...
log-steps (b) @3.1.. : [<words>]
unique-id-format (D F L B) : <format:fmt> ; raw-format ; last-counts ; fetches http-request
unique-id-header (D F L B) : <name:word> ... ; last-counts
maxconn (D F L b) : <connections:atoi> ; last-counts
backlog (D F L b) : <connections:atoi> ; last-counts
fullconn (D f L B) : <connections:atoi> ; last-counts
retries (D f L B) : <number:atoi> ; last-counts
retry-on (D L B) : { none | { conn-failure | empty-response | response-timeout | 401 | 403 | 404 | 408 | 421@3.2.. | 425 | 429@3.1.. | 500
        | 501 | 502 | 503 | 504 | 0rtt-rejected | junk-response | all-retryable-errors }+ } ; last-counts
max-keep-alive-queue (D f L B) : <number:number> ... ; last-counts
max-session-srv-conns (D F L b) : <number:atoi> ...
http-reuse (D f L B) : { never | safe | aggressive | always } ; last-counts
http-send-name-header (D f L B) : <header:word> code(name_header) ...
rate-limit (D F L b) : sessions <rate:number> ... ; last-counts each ; twice warning
id (F L B) : <number:atoi 1..>
guid (F L B) @3.0.. : <guid> ...
description (F L B) : <words> ; last-counts
disabled (D F L B)
enabled (D F L B)
cookie (D f L B) : <name:word> { rewrite | insert | prefix | indirect | nocache | postonly | preserve | httponly | secure
        | dynamic | domain <domain:dotted> | maxidle <idle:time s> | maxlife <life:time s> | attr <value:attribute> }* code(cookie_modes) ; last-counts ; of-backends
dynamic-cookie-key (D f L B) : <key:word> ...
persist (D F L B) : { rdp-cookie ... | rdp-cookie(<name:word>) } ; last-counts ; of-backends
load-server-state-from-file (D f L B) : { global | local | none } ... ; last-counts ; of-backends
server-state-file-name (D f L B) : [<file:word>] ; last-counts
source (D f L B) : <address:address source> [ usesrc { clientip | client | hdr_ip(<header:word>,[<occurrence:word>]) | <address:address addr> } | interface <interface:word> ]* ; last-counts ; of-backends
capture (F L b) : { cookie <name:word> <keyword:word> <length:atoi> [ <ignored:word> ] | request header <name:word> len <length:atoi>
        | response header <name:word> len <length:atoi> }
declare (F L) : capture { request | response } len <length:int 1..> ...
compression (D F L B) : { { algo | algo-res@2.8.. } &compression-algorithm+ | algo-req@2.8.. &compression-algorithm ... | type <type:word>+
        | type-req@2.8.. <type:word>+ | type-res@2.8.. <type:word>+ | offload code(not_in_defaults) ... | direction@2.8.. { request | response | both } ...
        | minsize-req@3.2.. <size:size 32> ... | minsize-res@3.2.. <size:size 32> ... }
filter (F L B) : &filter ; answers
filter-sequence (F L B) @3.4.. : { request | response } <filters:word> ...
errorfile (D F L B) : <status:page> <file> ...@..2.8.24 ...@2.9..3.1 ; last-counts each ; answers
errorfiles (D F L B) : <section:http_errors> <status:page>* ; answers
errorloc (D F L B) : <status:page> <url:word> ...@..2.8.24 ...@2.9..3.1 ; answers
errorloc302 (D F L B) : <status:page> <url:word> ...@..2.8.24 ...@2.9..3.1 ; answers
errorloc303 (D F L B) : <status:page> <url:word> ...@..2.8.24 ...@2.9..3.1 ; answers
http-error (D F L B) :
    { !{ status <status:page> } | content-type <type:word> | default-errorfiles | errorfiles <section:http_errors> | errorfile <file>
    | file <file> | string <text:word> | lf-file <file> | lf-string <fmt> | hdr <header:word> <fmt> }* code(http_reply) ; answers
http-check (D f L B) : &http-check ; fetches check
tcp-check (D f L B) : &tcp-check ; fetches check
external-check (D F L B) : { command <path:file optional> | path <path:word> } ; last-counts each
email-alert (D F L B) : { from [<address>] | to [<address>] | mailers [<section:mailers>] | myhostname [<name:word>] | level { emerg | alert | crit | err | warning | notice | info | debug } } ... ; last-counts each
use-fcgi-app (L B) : <application:fcgi_app> ... ; answers
clitcpka-cnt (D F L b) : <number:number> ...
clitcpka-idle (D F L b) : <idle:time s> ...
clitcpka-intvl (D F L b) : <interval:time s> ...
srvtcpka-cnt (D f L B) : <number:number> ...
srvtcpka-idle (D f L B) : <idle:time s> ...
srvtcpka-intvl (D f L B) : <interval:time s> ...
# proxy_parse_ssl_f_use() of cfgparse-ssl.c; outside of frontends it is read, and belongs to the next frontend.
ssl-f-use (F L) @3.2.. : { &crt-list | !{ crt <file:word> } | key <file:word> | alias <name:word> | ocsp <file:word> | issuer <file:word> | sctl <file:word> | ocsp-update { on | off } | jwt@3.3.. { on | off }
    | acme <section:acme> | domains <names:word> | ips@3.4.. <addresses:word> | generate-dummy@3.4.. { on | off } | keytype@3.4.. <type:word> | bits@3.4.. <bits:int> }* code(one_certificate)
ssl-f-use (D B) @3.2.. : { &crt-list | crt [ <file:word> ] | key [ <file:word> ] | alias [ <name:word> ] | ocsp [ <file:word> ] | issuer [ <file:word> ] | sctl [ <file:word> ]
    | ocsp-update { on | off } | jwt@3.3.. { on | off } | acme [ <section:acme> ] | domains [ <names:word> ] | ips@3.4.. [ <addresses:word> ]
    | generate-dummy@3.4.. { on | off } | keytype@3.4.. [ <type:word> ] | bits@3.4.. <bits:int> }* code(one_certificate)
dispatch (f L B) : <address:address dispatch> ; removed 3.5 "write a `server` line" ; deprecated 3.3 "write a `server` line" ; last-counts ; answers
transparent (D F L B) ; removed 3.5 "write a `server` line with the address `0.0.0.0`" ; deprecated 3.3 "write a `server` line with the address `0.0.0.0`"
bind-process (D F L B) : [ { all ... | <processes:processes> }+ ] ; removed 2.7 delete? "or use `thread` on `bind` lines" ; deprecated 2.5 delete? "or use `thread` on `bind` lines"
grace (D F L B) : [<words>] ; removed 2.5 "write `grace` in `global`"
appsession (D F L B) : [<words>] ; removed 1.6 "use `stick` rules"
block (D F L B) : [<words>] ; removed 2.1 "write `http-request deny`, with the same condition" ; answers
redispatch (D F L B) : [<words>] ; removed 2.1 -> option redispatch
redisp (D F L B) : [<words>] ; removed 2.1 -> option redispatch
clitimeout (D F L B) : [<words>] ; removed 2.1 -> timeout client
srvtimeout (D F L B) : [<words>] ; removed 2.1 -> timeout server
contimeout (D F L B) : [<words>] ; removed 2.1 -> timeout connect
usesrc (D F L B) : [<words>] ; removed 2.1 "write it behind `source`"
reqrep (D F L B) : [<words>] ; removed 2.1 "write `http-request replace-path`, `replace-uri` or `replace-header`"
cliexp (D F L B) : [<words>] ; removed 2.1 "write `http-request replace-path`, `replace-uri` or `replace-header`"
reqirep (D F L B) : [<words>] ; removed 2.1 "write `http-request replace-header`"
reqdel (D F L B) : [<words>] ; removed 2.1 "write `http-request del-header`"
reqidel (D F L B) : [<words>] ; removed 2.1 "write `http-request del-header`"
reqdeny (D F L B) : [<words>] ; removed 2.1 "write `http-request deny`"
reqideny (D F L B) : [<words>] ; removed 2.1 "write `http-request deny`"
reqpass (D F L B) : [<words>] ; removed 2.1 delete
reqipass (D F L B) : [<words>] ; removed 2.1 delete
reqallow (D F L B) : [<words>] ; removed 2.1 "write `http-request allow`"
reqiallow (D F L B) : [<words>] ; removed 2.1 "write `http-request allow`"
reqtarpit (D F L B) : [<words>] ; removed 2.1 "write `http-request tarpit`"
reqitarpit (D F L B) : [<words>] ; removed 2.1 "write `http-request tarpit`"
reqadd (D F L B) : [<words>] ; removed 2.1 "write `http-request add-header`"
rsprep (D F L B) : [<words>] ; removed 2.1 "write `http-response replace-header`"
srvexp (D F L B) : [<words>] ; removed 2.1 "write `http-response replace-header`"
rspirep (D F L B) : [<words>] ; removed 2.1 "write `http-response replace-header`"
rspdel (D F L B) : [<words>] ; removed 2.1 "write `http-response del-header`"
rspidel (D F L B) : [<words>] ; removed 2.1 "write `http-response del-header`"
rspdeny (D F L B) : [<words>] ; removed 2.1 "write `http-response deny`"
rspideny (D F L B) : [<words>] ; removed 2.1 "write `http-response deny`"
rspadd (D F L B) : [<words>] ; removed 2.1 "write `http-response add-header`"

[timeout]
check (D f L B) : <time>
client (D F L b) : <time> ; of-frontends
client-fin (D F L b) : <time>
client-hs (D F L b) @2.9.. : <time>
connect (D f L B) : <time>
http-keep-alive (D F L B) : <time>
http-request (D F L B) : <time>
queue (D f L B) : <time>
server (D f L B) : <time>
server-fin (D f L B) : <time>
tarpit (D F L B) : <time>
tunnel (D f L B) : <time>
clitimeout (D F L B) : [<words>] ; removed 2.1 -> timeout client
srvtimeout (D F L B) : [<words>] ; removed 2.1 -> timeout server
contimeout (D F L B) : [<words>] ; removed 2.1 -> timeout connect

[option]
httplog (D F L B) : [ clf ] ; no-negation ; family log-format "the log format" ; of-frontends
tcplog (D F L B) @..3.1 ; no-negation ; family log-format "the log format" ; of-frontends
tcplog (D F L B) @3.2.. : [ clf ] ; no-negation ; family log-format "the log format" ; of-frontends
httpslog (D F L B) @2.5.. : ... ; no-negation ; family log-format "the log format" ; of-frontends
tcpka (D F L B) ; no-negation
httpclose (D F L B) ; no-default ; family connections "how connections end"
http-server-close (D F L B) ; no-default ; family connections "how connections end"
http-keep-alive (D F L B) ; no-default ; family connections "how connections end"
redispatch (D f L B) : [<interval:atoi>] ...
forwardfor (D F L B) : { except <network:network> | header <name:word> | if-none }* ; no-negation ; http-only
originalto (D F L B) : { except <network:network> | header <name:word> }* ; no-negation ; http-only
forwarded (F) @2.8.. : code(told_unless_negated) [<words>] ; no-default ; fetches backend-http-request
forwarded (D L B) @2.8.. : code(unread_behind_no) { proto | host | host-expr <expression:sample one-word> | by | by-expr <expression:sample one-word> | by_port | by_port-expr <expression:sample one-word> | for | for-expr <expression:sample one-word>
        | for_port | for_port-expr <expression:sample one-word> }* ; no-default ; fetches backend-http-request ; http-only
http-restrict-req-hdr-names (D F L B) @2.6.. : { preserve | reject | delete } ; no-negation
httpchk (D f L B) : [ <uri-or-method:word> [ <uri:word> [ <version:word> code(httpchk_version) [ <host:word> ]@3.1.. ] ] ] ; no-negation ; family check "how servers are checked"
ssl-hello-chk (D f L B) ; no-negation ; family check "how servers are checked"
smtpchk (D f L B) : [ <hello:word> [ <domain:word> ] ] ; no-negation ; family check "how servers are checked"
pgsql-check (D f L B) : user <name:word> ; no-negation ; family check "how servers are checked"
redis-check (D f L B) ; no-negation ; family check "how servers are checked"
mysql-check (D f L B) : [ user <name:word> [ { post-41 | pre-41 } ] ] ; no-negation ; family check "how servers are checked"
ldap-check (D f L B) ; no-negation ; family check "how servers are checked"
spop-check (D f L B) ; no-negation ; family check "how servers are checked"
tcp-check (D f L B) ; no-negation ; family check "how servers are checked"
external-check (D F L B) ; no-negation ; family check "how servers are checked"
forceclose (D F L B) : [<words>] ; removed 2.4 delete? "or write `option httpclose`"
http-tunnel (D F L B) : [<words>] ; removed 2.5 delete
http_proxy (D F L B) : [<words>] ; removed 2.4 delete
http-use-htx (D F L B) @..2.4
accept-invalid-http-request (D F L b) ; deprecated 3.2 -> option accept-unsafe-violations-in-http-request ; no-negation 3.1 ; http-only
accept-invalid-http-response (D f L B) ; deprecated 3.2 -> option accept-unsafe-violations-in-http-response ; no-negation 3.1 ; http-only
accept-unsafe-violations-in-http-request (D F L b) @3.1..3.1 ; http-only
accept-unsafe-violations-in-http-request (D F L) @3.2.. ; http-only
accept-unsafe-violations-in-http-response (D f L B) @3.1..3.1 ; http-only
accept-unsafe-violations-in-http-response (D L B) @3.2.. ; http-only
use-small-buffers (D L B) @3.4.. : { queue | l7-retries | check }*
use-small-buffers (f) @3.4.. : [<words>]
abortonclose (D f L B) @..3.1
abortonclose (D L B) @3.2..3.2
abortonclose (D F L B) @3.3..
allbackups (D f L B) @..3.1
allbackups (D L B) @3.2..
assume-rfc6587-ntf (D F L) @3.2..
checkcache (D f L B) @..3.1 ; http-only
checkcache (D L B) @3.2.. ; http-only
clitcpka (D F L b) @..3.1
clitcpka (D F L) @3.2..
contstats (D F L b) @..3.1
contstats (D F L) @3.2..
disable-h2-upgrade (D F L b) @..3.1 ; http-only
disable-h2-upgrade (D F L) @3.2.. ; http-only
dont-parse-log (D F L) @3.2..
dontlog-normal (D F L b) @..3.1
dontlog-normal (D F L) @3.2..
dontlognull (D F L b) @..3.1
dontlognull (D F L) @3.2..
h1-case-adjust-bogus-client (D F L b) @..3.1 ; http-only ..2.5
h1-case-adjust-bogus-client (D F L) @3.2.. ; http-only ..2.5
h1-case-adjust-bogus-server (D f L B) @..3.1 ; http-only ..2.5
h1-case-adjust-bogus-server (D L B) @3.2.. ; http-only ..2.5
http-buffer-request (D F L B) ; http-only
http-drop-request-trailers (D L B) @3.2.. ; http-only
http-drop-response-trailers (D F L) @3.2.. ; http-only
http-ignore-probes (D F L b) @..3.1 ; http-only
http-ignore-probes (D F L) @3.2.. ; http-only
http-no-delay (D F L B) ; http-only
http-pretend-keepalive (D f L B) @..3.1 ; http-only
http-pretend-keepalive (D L B) @3.2.. ; http-only
http-use-proxy-header (D F L b) @..3.1 ; http-only
http-use-proxy-header (D F L) @3.2.. ; http-only
idle-close-on-response (D F L b) @2.6..3.1 ; http-only
idle-close-on-response (D F L) @3.2.. ; http-only
independent-streams (D F L B)
log-health-checks (D f L B) @..3.1
log-health-checks (D L B) @3.2..
log-separate-errors (D F L b) @..3.1
log-separate-errors (D F L) @3.2..
logasap (D F L b) @..3.1
logasap (D F L) @3.2..
nolinger (D F L B)
persist (D f L B) @..3.1
persist (D L B) @3.2..
prefer-last-server (D f L B) @..3.1 ; http-only
prefer-last-server (D L B) @3.2.. ; http-only
socket-stats (D F L b) @..3.1
socket-stats (D F L) @3.2..
splice-auto (D F L B)
splice-request (D F L B)
splice-response (D F L B)
srvtcpka (D f L B) @..3.1
srvtcpka (D L B) @3.2..
tcp-smart-accept (D F L b) @..3.1
tcp-smart-accept (D F L) @3.2..
tcp-smart-connect (D f L B) @..3.1
tcp-smart-connect (D L B) @3.2..
transparent (D f L B) @..3.1 ; removed 3.5 "write a `server` line with the address `0.0.0.0`" ; deprecated 3.3 "write a `server` line" ; answers
transparent (D L B) @3.2..3.4 ; removed 3.5 "write a `server` line with the address `0.0.0.0`" ; deprecated 3.3 "write a `server` line" ; answers

[stats]
admin (F L B) : <cond>
uri (D F L B) : <prefix:word> ... ; last-counts
realm (D F L B) : <realm:word> ... ; last-counts
refresh (D F L B) : <interval:time s> ... ; last-counts
http-request (F L B) : { allow | deny | auth [ realm <realm:word> ] } <if> ; aborts
auth (D F L B) : <account:word> ...
scope (D F L B) : <proxy:word> ...
enable (D F L B) : ...
hide-version (D F L B) : ...
show-version (D F L B) @3.4.. : ...
show-legends (D F L B) : ...
show-modules (D F L B) : ...
show-node (D F L B) : [<node>] ...
show-desc (D F L B) : code(description_shown) [<words>]

[tcp-check-connect]
default
addr : <address:address check>
port : <port:port>
send-proxy
via-socks4
linger
ssl
sni : <name:word>
alpn : <protocols:word>
proto : none
comment : <comment:word>

[http-check-connect]
default
addr : <address:address check>
port : <port:port>
send-proxy
via-socks4
linger
ssl
sni : <name:word>
alpn : <protocols:word>
proto : { h1 | h2 | fcgi | quic@2.6.. | qmux@3.4.. }
comment : <comment:word>

# Variables of checks: what follows the value is left out.
[http-check]
comment : <comment:word> ...
connect : &http-check-connect* ; step
disable-on-404 ; last-counts
expect : &check-expect-option* { custom | &http-check-pattern } &check-expect-option* code(one_pattern) ; step
send : { meth <method:word> | uri <uri:word> | uri-lf <uri:fmt> | ver <version:word> | hdr <header:word> <value:fmt> | body <body:word> | body-lf <body:fmt> | comment <comment:word> }* code(one_host) ; step
send-state ; last-counts
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> ...
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> ...
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] ...
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] ...
unset-var(<variable:var>) @..2.5 : code(closed) ...
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) ...

[tcp-check]
comment : <comment:word> ...
connect : &tcp-check-connect* ; step
expect : &check-expect-option* { custom | &tcp-check-pattern } &check-expect-option* code(one_pattern) ; step
send : <data:word> [ comment <comment:word> ]* ; step
send-lf : <data:fmt> [ comment <comment:word> ]* ; step
send-binary : <data:hexstring> [ comment <comment:word> ]* ; step
send-binary-lf : <data:fmt> [ comment <comment:word> ]* ; step
set-var(<variable:var>) @..2.5 : code(closed) <value:sample> ...
set-var(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) <value:sample> ...
set-var-fmt(<variable:var>) @2.5 : code(closed) code(value_first) [ <value:fmt> ] ...
set-var-fmt(<variable:var>,[<condition:word>]) @2.6.. : code(variable_conditions) code(value_first) [ <value:fmt> ] ...
unset-var(<variable:var>) @..2.5 : code(closed) ...
unset-var(<variable:var>,[<nothing:word>]) @2.6.. : code(no_conditions) ...

# What `expect` takes beside its pattern.
[check-expect-option]
min-recv : <bytes:atoi -1..2147483647 long>
comment : <comment:word>
ok-status : { L7OK | L7OKC | L6OK | L4OK }
error-status : { L7OKC | L7RSP | L7STS | L6RSP | L4CON }
tout-status : { L7TOUT | L6TOUT | L4TOUT }
on-success : <message:fmt>
on-error : <message:fmt>
status-code : <status:sample one-word>

# The patterns; `!` may be a word of its own.
[http-check-pattern]
'!' : &http-check-pattern
string : <string:word>
rstring : <regex>
string-lf : <string:fmt>
status : <codes:codes>
rstatus : <regex>
hdr : { name [ -m { str | beg | end | sub | reg } ] <name:word> | name-lf [ -m { str | beg | end | sub } ] <name:fmt> }
    [ { value [ -m { str | beg | end | sub | reg } ] <value:word> | value-lf [ -m { str | beg | end | sub } ] <value:fmt> } ]
fhdr : { name [ -m { str | beg | end | sub | reg } ] <name:word> | name-lf [ -m { str | beg | end | sub } ] <name:fmt> }
    [ { value [ -m { str | beg | end | sub | reg } ] <value:word> | value-lf [ -m { str | beg | end | sub } ] <value:fmt> } ]
'!string' : <string:word>
'!rstring' : <regex>
'!string-lf' : <string:fmt>
'!status' : <codes:codes>
'!rstatus' : <regex>
'!hdr' : { name [ -m { str | beg | end | sub | reg } ] <name:word> | name-lf [ -m { str | beg | end | sub } ] <name:fmt> }
    [ { value [ -m { str | beg | end | sub | reg } ] <value:word> | value-lf [ -m { str | beg | end | sub } ] <value:fmt> } ]
'!fhdr' : { name [ -m { str | beg | end | sub | reg } ] <name:word> | name-lf [ -m { str | beg | end | sub } ] <name:fmt> }
    [ { value [ -m { str | beg | end | sub | reg } ] <value:word> | value-lf [ -m { str | beg | end | sub } ] <value:fmt> } ]

[tcp-check-pattern]
'!' : &tcp-check-pattern
string : <string:word>
rstring : <regex>
string-lf : <string:fmt>
binary : <binary:hexstring>
rbinary : <regex>
binary-lf : <binary:fmt>
'!string' : <string:word>
'!rstring' : <regex>
'!string-lf' : <string:fmt>
'!binary' : <binary:hexstring>
'!rbinary' : <regex>
'!binary-lf' : <binary:fmt>

# Filters that are built in (filters.c).
[filter]
bwlim-in @2.7.. : <name:word> { key <key:sample> | table <table> | limit <limit:size 32> | default-period <period:time> | default-limit <limit:size 32>
    | min-size <size:size 32> }* code(bandwidth) ; twice refusal
bwlim-out @2.7.. : <name:word> { key <key:sample> | table <table> | limit <limit:size 32> | default-period <period:time> | default-limit <limit:size 32>
    | min-size <size:size 32> }* code(bandwidth) ; twice refusal
cache : <cache> ; twice refusal
comp-req @3.4.. ; twice refusal
comp-res @3.4.. ; twice refusal
compression ; twice refusal
fcgi-app : <application:word>
opentracing @..3.4 : { id <name:word> config <file> | config <file> [ id <name:word> ] } ; needs OT ; sets-variables
spoe : { !{ config <file> } | engine <name:word> }* ; sets-variables
trace : { name <name:word> | quiet | random-parsing | random-forwarding | hexdump }*
lua. : code(lua_loaded) [<words>] ; sets-variables

# Algorithms of compression (compression.c).
[compression-algorithm]
identity
deflate
raw-deflate
gzip
