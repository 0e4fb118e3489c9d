# healthcheck sections (tcpcheck.c).
[healthcheck]
type : [<words>]
http-check : [<words>]
tcp-check : [<words>]
