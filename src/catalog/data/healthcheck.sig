# healthcheck sections (tcpcheck.c, cfg_parse_healthchecks()). Behind the arguments of a type nothing is looked at.
[healthcheck]
type : { tcp-check ... | httpchk [ <uri-or-method:word> [ <uri:word> [ <version:word> code(httpchk_version) [ <host:word> ] ] ] ] ... | ssl-hello-chk ...
    | smtpchk [ <hello:word> [ <domain:word> ] ] ... | pgsql-check user <name:word> ... | redis-check ...
    | mysql-check [ user <name:word> [ { post-41 ... | pre-41 ... | post-80 ... } ] ] | ldap-check ... | spop-check ... } ; aborts
# do_parse_httpcheck(), do_parse_tcpcheck()
http-check : &http-check ; aborts
tcp-check : &tcp-check ; aborts
