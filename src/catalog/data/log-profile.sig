# log-profile sections (log.c, cfg_parse_log_profile()).
[log-profile]
log-tag : <tag:word> ...
on : { accept | request | connect | response | close | error | any | http-req@3.2.. | http-res@3.2.. | http-after-res@3.2.. | tcp-req-conn@3.2..
        | tcp-req-sess@3.2.. | tcp-req-cont@3.2.. | tcp-res-cont@3.2.. | quic-init@3.2.. | <step:word> }
    { drop | format <format:fmt> | sd <format:fmt> }* ... ; fetches log
