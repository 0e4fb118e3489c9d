# Options of `bind` lines (listener.c, cfgparse-tcp.c, cfgparse-unix.c, cfgparse-ssl.c).
[bind]
ssl
accept-netscaler-cip : <magic:atoi nonzero>
accept-proxy
allow-0rtt
alpn : <alpn:word>
backlog : <number:atoi 0..>
ca-file : <ca-file:certificate ca-base>
ca-ignore-err : <errors:errors>
ca-sign-file : <ca-sign-file:word>
ca-sign-pass : <ca-sign-pass:word>
ca-verify-file : <ca-verify-file:certificate ca-base>
cc @3.3.. : <cc:word>
ciphers : <ciphers:word> code(known_to_tls)
ciphersuites : <ciphersuites:word> code(known_to_tls)
client-sigalgs @2.8.. : <client-sigalgs:word> code(known_to_tls)
crl-file : <crl-file:file ca-base>
crt : <crt:certificate crt-base>
crt-ignore-err : <errors:errors>
crt-list : <crt-list:certificate>
curves : <curves:word> code(known_to_tls)
default-crt @3.0.. : <default-crt:certificate crt-base>
defer-accept
ecdhe : <ecdhe:word>
expose-fd : { listeners }
force-sslv3
force-tlsv10
force-tlsv11
force-tlsv12
force-tlsv13
generate-certificates
gid : <id:word>
group : <group>
guid-prefix @3.0.. : <prefix:guid prefix>
id : <id:int 1.. wraps>
idle-ping @3.2.. : <time>
interface : <interface:word>
ktls @3.3.. : code(on_or_off) ; experimental
label @3.2.. : <label:word>
level : { user | operator | admin }
maxconn : <number:atoi 0..>
mode : <mode:octal>
mss : <size:atoi -65535..65535 nonzero>
name : <label:word>
namespace : <namespace:file netns>
nbconn @2.9.. : code(reverse_bind) <number:atoi 1..> ; experimental
nice : <nice:atoi -1024..1024>
no-alpn @2.8..
no-ca-names
no-sslv3
no-strict-sni @3.2..
no-tls-tickets
no-tlsv10
no-tlsv11
no-tlsv12
no-tlsv13
npn : <npn:word>
prefer-client-ciphers
process : <process:process> ; deprecated 2.5..2.6 "use `thread`" ; removed 2.7 "use `thread`"
proto : { h1 | h2 | none | quic@2.6.. | fcgi | spop@3.1.. | { qmux code(experimental) }@3.4.. }
quic-cc-algo @2.7.. : <algorithm:congestion> ; needs QUIC
quic-force-retry @2.6.. ; needs QUIC
quic-socket @2.9.. : { connection | listener } ; needs QUIC
severity-output : { none | number | string }
shards @2.5.. : { by-thread | by-group@2.8.. | <shards:atoi 1..64>@..2.6 | <shards:atoi 1..256>@2.7..3.1 | <shards:atoi 1..1024>@3.2.. }
sigalgs @2.8.. : <sigalgs:word> code(known_to_tls)
ssl-max-ver : { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
ssl-min-ver : { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
strict-sni
tcp-md5sig @3.3.. : <password:word> code(short_password)
tcp-ss @3.4.. : <mode:digits 0..2>
tcp-ut : <time>
tfo
thread @2.5..2.6 : <threads:threadset>
thread @2.7.. : code(any_value) [ <threads:threadset> ]
tls-ticket-keys : <tls-ticket-keys:file>
tls-tickets @3.2..
transparent
uid : <id:word>
user : <user>
v4v6
v6only
verify : { none | optional | required }
