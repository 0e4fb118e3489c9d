# log-profile sections (log.c, cfg_parse_log_profile()).
[log-profile]
log-tag : <tag:word> ...
on : { accept | request | connect | response | close | error | any | http-req | http-res | http-after-res | tcp-req-conn | tcp-req-sess | tcp-req-cont | tcp-res-cont | quic-init }
    { drop [ { format <format:fmt> | sd <format:fmt> }+ ] | { format <format:fmt> | sd <format:fmt> }+ } ; fetches log
