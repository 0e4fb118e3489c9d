# SSL options of a line of a crt-list file (cfgparse-ssl.c).
[crt-list]
allow-0rtt
alpn : <alpn:word>
ca-file : <ca-file:certificate ca-base>
ca-verify-file : <ca-verify-file:certificate ca-base>
ciphers : <ciphers:word>
ciphersuites : <ciphersuites:word>
client-sigalgs @2.7.. : <client-sigalgs:word>
crl-file : <crl-file:file ca-base>
curves : <curves:word>
ecdhe : <ecdhe:word>
ktls @3.3.. : <ktls:word>
no-alpn @2.7..
no-ca-names
npn : <npn:word>
ocsp-update @2.7..2.8 : <ocsp-update:word>
sigalgs @2.7.. : <sigalgs:word>
ssl-max-ver : <ssl-max-ver:word>
ssl-min-ver : <ssl-min-ver:word>
verify : <verify:word>
