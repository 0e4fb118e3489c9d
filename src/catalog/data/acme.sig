# acme sections (acme.c).
[acme]

# cfg_parse_acme_kws()
account-key @..3.3 : <file:word> [<word>] ; aborts
account-key @3.4.. : <file:word> ; aborts
challenge @..3.2 : { HTTP-01 | DNS-01 } [<word>] ; aborts
challenge @3.3 : <challenge:anycase http-01 dns-01> [<word>] ; aborts
challenge @3.4.. : <challenge:anycase http-01 dns-01 dns-persist-01> ; aborts
challenge-ready @3.4.. : <conditions:word> code(ready_when) ; aborts
contact : <address:word> ; aborts
directory : <url:word> ; aborts
dns-delay @3.4.. : <delay:time s> ; aborts
dns-timeout @3.4.. : <timeout:time s> ; aborts
eab-key-id @3.4.. : <file:word> ; aborts
eab-mac-alg @3.4.. : { HS256 | HS384 | HS512 } ; aborts
eab-mac-key @3.4.. : <file:word> ; aborts
map : <map:word> ; aborts
profile @3.4.. : <profile:letters -_> ; aborts
reuse-key @3.3.. : { on | off } ; aborts

# cfg_parse_acme_cfg_key()
bits : <bits:int> ; aborts
curves : { sect163k1 | K-163 | sect163r1 | sect163r2 | B-163 | sect193r1 | sect193r2 | sect233k1 | K-233 | sect233r1 | B-233 | sect239k1 | sect283k1 | K-283
    | sect283r1 | B-283 | sect409k1 | K-409 | sect409r1 | B-409 | sect571k1 | K-571 | sect571r1 | B-571 | secp160k1 | secp160r1 | secp160r2 | secp192k1
    | secp192r1 | P-192 | prime192v1 | secp224k1 | secp224r1 | P-224 | secp256k1 | secp256r1 | P-256 | prime256v1 | secp384r1 | P-384 | secp521r1 | P-521
    | brainpoolP256r1 | brainpoolP384r1 | brainpoolP512r1 | ecdh_x25519 | ecdh_x448 | brainpoolP256r1tls13 | brainpoolP384r1tls13 | brainpoolP512r1tls13
    | GC256A | GC256B | GC256C | GC256D | GC512A | GC512B | GC512C | ffdhe2048 | ffdhe3072 | ffdhe4096 | ffdhe6144 | ffdhe8192
    | X25519Kyber768Draft00 | SecP256r1Kyber768Draft00 } ; aborts
keytype : { RSA | ECDSA } ; aborts

# cfg_parse_acme_vars_provider()
acme-vars @3.3.. : <variables:word> ; aborts
provider-name @3.3.. : <name:word> ; aborts
