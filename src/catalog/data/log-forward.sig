# log-forward sections (log.c, cfg_parse_log_forward()).
[log-forward]
bind : [ <address:address bind> ] &bind*
dgram-bind : [ <address:address dgram-bind> ] &bind*
log : { global | <target:address log> [ len <length:atoi 80..65535> ] [ format &log-format ] [ sample <ranges:sampling> ] [ profile@3.1.. <profile:log_profile> ]
    &log-facility [ &log-level [ &log-level ] ] }
maxconn : <number:atoi>
backlog : <number:atoi>
timeout : { client <time> } ...
option @3.2.. : { assume-rfc6587-ntf | dont-parse-log | host { replace | fill | keep | append } ... }
