# SSL options of a line of a crt-list file (cfgparse-ssl.c, ssl_crtlist_kws).
[crt-list]
allow-0rtt
alpn : <protocols:word>
ca-file : <file:word>
ca-verify-file : <file:word>
ciphers : <list:word>
ciphersuites : <list:word>
client-sigalgs @2.7.. : <list:word>
crl-file : <file:word>
curves : <list:word>
ecdhe : <curve:word>
ktls @3.3.. : { on | off } ; experimental
no-alpn @2.7..
no-ca-names
npn : <protocols:word>
ocsp-update @2.7.. : { on | off }
sigalgs @2.7.. : <list:word>
ssl-max-ver : { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
ssl-min-ver : { SSLv3 | TLSv1.0 | TLSv1.1 | TLSv1.2 | TLSv1.3 }
verify : { none | optional | required }
