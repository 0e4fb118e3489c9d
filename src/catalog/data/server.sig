# Options of `server`, `server-template` and `default-server` lines (server.c, check.c, cfgparse-ssl.c, cfgparse-tcp.c).
[server]
addr : <address:address addr>
agent-addr : <address:host>
agent-check
agent-inter : <interval:delay>
agent-port : <port:atoi>
agent-send : <string:word>
allow-0rtt
alpn : <alpn:word>
backup
ca-file : <ca-file:certificate ca-base>
cc @3.3.. : <cc:word>
check
check-alpn : <check-alpn:word>
check-pool-conn-name @3.2.. : <check-pool-conn-name:word>
check-proto : { h1 | h2 | fcgi | none | quic@2.6.. | spop@3.1.. | { qmux code(experimental_server) }@3.4.. }
check-reuse-pool @3.2..
check-send-proxy
check-sni : <check-sni:word>
check-sni-auto @3.3..
check-ssl
check-via-socks4
ciphers : <ciphers:word> code(known_to_tls)
ciphersuites : <ciphersuites:word> code(known_to_tls)
client-sigalgs @2.9.. : <client-sigalgs:word> code(known_to_tls)
cookie : <cookie:word>
crl-file : <crl-file:file ca-base>
crt : <crt:certificate crt-base>
curves @2.9.. : <curves:word> code(known_to_tls)
disabled
downinter : <interval:delay>
enabled
error-limit : <number:atoi 1..>
fall : <number:atoi 1..>
fastinter : <interval:delay>
force-sslv3
force-tlsv10
force-tlsv11
force-tlsv12
force-tlsv13
guid @3.0.. : <guid> ; no-default-server
hash-key @3.0.. : { id | id32@3.4.. | addr | addr-port | guid@3.4.. }
healthcheck @3.4.. : code(healthcheck_name)
id : { <id:atoi 1..>@..3.3 | <id:atoi 1..4294967295 long>@3.4.. } ; no-default-server
idle-ping @3.2.. : <time>
init-addr : code(any_value) [ <methods:methods> ]
init-state @3.1.. : { none@3.4.. | up | down | fully-up | fully-down }
inter : <interval:delay>
ktls @3.3.. : code(on_or_off) ; experimental
log-bufsize @2.9.. : <size:atoi 1..>
log-proto : { legacy | octet-count }
max-reuse : <number:atoi>
maxconn : code(any_value) [ <number:atoi> ]
maxqueue : code(any_value) [ <number:atoi> ]
minconn : code(any_value) [ <number:atoi> ]
namespace : <namespace:file netns>
no-agent-check
no-backup
no-check
no-check-reuse-pool @3.2..
no-check-send-proxy
no-check-sni-auto @3.3..
no-check-ssl
no-renegotiate @3.3..
no-send-proxy
no-send-proxy-v2
no-send-proxy-v2-ssl
no-send-proxy-v2-ssl-cn
no-sni-auto @3.3..
no-ssl
no-ssl-reuse
no-sslv3 ; no-default-server
no-tfo
no-tls-tickets
no-tlsv10 ; no-default-server
no-tlsv11 ; no-default-server
no-tlsv12 ; no-default-server
no-tlsv13 ; no-default-server
non-stick
npn : <npn:word>
observe : { none | layer4 | layer7 code(needs_http) }
on-error : { fastinter | fail-check | sudden-death | mark-down }
on-marked-down : { shutdown-sessions }
on-marked-up : { shutdown-backup-sessions }
pool-conn-name @3.0.. : <expression:sample one-word>
pool-low-conn : <number:atoi>
pool-max-conn : <number:atoi -1..>
pool-purge-delay : <time>
port : <port:atoi>
proto : { h1 | h2 | none | fcgi | quic@3.3.. | spop@3.1.. | { qmux code(experimental) }@3.4.. }
proxy-v2-options : <options:listed ssl cert-cn cert-key cert-sig ssl-cipher authority crc32c unique-id>
quic-cc-algo @3.4.. : <algorithm:congestion> ; needs QUIC
redir : <redir:word>
renegotiate @3.3..
resolve-net : <networks:networks>
resolve-opts : code(any_value) [ <options:listed allow-dup-ip ignore-weight prevent-dup-ip> ]
resolve-prefer : { ipv4 | ipv6 }
resolvers : code(some_resolvers) [ <resolvers> ]
rise : <number:atoi 1..>
send-proxy
send-proxy-v2
send-proxy-v2-ssl
send-proxy-v2-ssl-cn
set-proxy-v2-tlv-fmt @2.9.. : code(any_value) [ <format:fmt> ]
set-proxy-v2-tlv-fmt(<id:number 0..255>) @2.9.. : code(any_value) [ <format:fmt> ]
shard @2.7.. : code(any_value) [ <number:atoi> ]
sigalgs @2.9.. : <sigalgs:word> code(known_to_tls)
slowstart : <time>
sni : <expression:sample one-word>
sni-auto @3.3..
socks4 : <address:address socks4>
source : <address:address server-source> [ usesrc { clientip | client | hdr_ip(<header:word>,[<occurrence:word>]) | <address:address addr> } | interface <interface:word> ]*
ssl
ssl-max-ver : { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
ssl-min-ver : { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
ssl-reuse
stick
strict-maxconn @3.2..
tcp-md5sig @3.3.. : <password:word> code(short_password)
tcp-ut : <time>
tfo
tls-tickets
track : <server>
verify : { none | required }
verifyhost : <verifyhost:word>
weight : code(any_value) [ <weight:atoi 0..256> ]
ws : { auto | h1 | h2 }
