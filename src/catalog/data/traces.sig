# traces sections, and `trace` in `global` up to 3.0, which reads one statement (trace.c, _trace_parse_statement()).
[traces]
trace : code(told_if_alone) &trace-source

# What is traced, by the names that the sources register.
[trace-source]
0 : ...
all @3.1.. : code(told_if_alone) &trace-all*
acme @3.3.. : code(told_if_alone) &trace-step*
applet @2.8.. : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
check : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
dbg @3.0.. : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
fcgi : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
h1 : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
h2 : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
h3 : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* } ; needs QUIC
haload @3.5.. : code(told_if_alone) &trace-step*
haterm @3.4.. : code(told_if_alone) &trace-step*
peers : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
pt : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
qcm @3.4.. : code(told_if_alone) &trace-step* ; needs QUIC
qmux : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* } ; needs QUIC
quic : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* } ; needs QUIC
session @3.1.. : code(told_if_alone) &trace-step*
spop @3.1.. : code(told_if_alone) &trace-step*
ssl @3.2.. : code(told_if_alone) &trace-step*
stream : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }

# What is done with a source; events, verbosities and what can be locked on are those of each source, by its line in the tables below.
[trace-step]
event : code(told_if_alone) { any | none | <event:traced trace-event> }
follow @3.1.. : code(told_if_alone) { none | &trace-followed }
level : code(told_if_alone) { error | user | proto | state | data | developer }
lock : code(told_if_alone) <criterion:traced trace-lock>
pause : code(told_if_alone) { now | any | none | <event:traced trace-event> }
sink : code(told_if_alone) { none | <sink:ring> }
start : code(told_if_alone) { now | any | none | <event:traced trace-event> }
stop : code(told_if_alone) { now | any | none | <event:traced trace-event> }
verbosity : code(told_if_alone) <verbosity:traced trace-verbosity>

# What is done with all of them.
[trace-all]
follow : code(told_if_alone) { none | &trace-followed }
level : code(told_if_alone) { error | user | proto | state | data | developer }
sink : code(told_if_alone) { none | <sink:ring> }

# Whose locks another source can follow.
[trace-followed]
acme @3.3..
applet @2.8..
check
dbg @3.0..
fcgi
h1
h2
h3 ; needs QUIC
haload @3.5..
haterm @3.4..
peers
pt
qcm @3.4.. ; needs QUIC
qmux ; needs QUIC
quic ; needs QUIC
session @3.1..
spop @3.1..
ssl @3.2..
stream

# The events of each source.
[trace-event]
acme @3.3.. : { acme_sched | acme_new | acme_task }
applet @2.8.. : { app_new | app_free | app_release | app_proc | app_err | app_start | app_receive@3.0.. | app_send@3.0.. |
    app_blk@3.0.. | app_wake@3.0.. }
check : { task_wake | hchck_start | hchck_wake | hchck_run | hchck_end | hchck_succ | hchck_err | tcp_check_eval |
    tcp_check_err | tcp_check_conn | tcp_check_send | tcp_check_expect | tcp_check_action | rx_data | rx_blk | rx_err |
    tx_data | tx_blk | tx_err }
dbg @3.0..
fcgi : { fconn_new | fconn_recv | fconn_send | fconn_blk | fconn_wake | fconn_end | fconn_err | rx_fhdr | rx_record |
    rx_eoi | rx_get_values | rx_stdout | rx_stderr | rx_end_req | tx_record | tx_eoi | tx_begin_request | tx_get_values
    | tx_params | tx_stding | tx_abort | rsp_data | rsp_eom | rsp_headers | rsp_body | rsp_trailerus | fstrm_new |
    fstrm_blk | fstrm_end | fstrm_err | strm_new | strm_recv | strm_send | strm_full | strm_wake | strm_shut | strm_end
    | strm_err }
h1 : { h1c_new | h1c_recv | h1c_send | h1c_blk | h1c_wake | h1c_end | h1c_err | rx_data | rx_eoi | rx_headers | rx_body
    | rx_trailerus | tx_data | tx_eoi | tx_headers | tx_body | tx_trailerus | h1s_new | h1s_blk | h1s_end | h1s_err |
    strm_new | strm_recv | strm_send | strm_wake | strm_shut | strm_end | strm_err }
h2 : { h2c_new | h2c_recv | h2c_send | h2c_fctl | h2c_blk | h2c_wake | h2c_end | h2c_err | rx_fhdr | rx_frame | rx_eoi |
    rx_preface | rx_data | rx_hdr | rx_prio | rx_rst | rx_settings | rx_push | rx_ping | rx_goaway | rx_wu | rx_cont |
    tx_frame | tx_eoi | tx_preface | tx_data | tx_hdr | tx_prio | tx_rst | tx_settings | tx_push | tx_ping | tx_goaway |
    tx_wu | tx_cont | h2s_new | h2s_recv | h2s_send | h2s_fctl | h2s_blk | h2s_wake | h2s_end | h2s_err | strm_new |
    strm_recv | strm_send | strm_full | strm_wake | strm_shut | strm_end | strm_err | proto_err }
h3 : { rx_frame | rx_data | rx_hdr | rx_settings | tx_frame@3.0.. | tx_data | tx_hdr | tx_settings | h3s_new | h3s_end |
    h3c_new@3.0.. | h3c_end@2.8.. | strm_send@3.0.. }
haload @3.5.. : { mtask | usr_task | tx | tx_blk | rx | rx_blk | strm_task | io_cb }
haterm @3.4.. : { hstrm_new | process_hstrm | hstrm_send | hstrm_recv | hstrm_io_cb | hstrm_resp | hstrm_add_data }
peers : { sess_new@3.3.. | sess_end@3.3.. | sess_err@3.3.. | sess_shut@3.3.. | sess_wakeup@3.3.. | sess_resync@3.3.. |
    sess_io@3.3.. | rx_msg@3.3.. | rx_blocked@3.3.. | rx_error@3.3.. | tx_msg@3.3.. | tx_blocked@3.3.. | tx_error@3.3..
    | proto_error@3.3.. | proto_hello@3.3.. | proto_success@3.3.. | proto_update@3.3.. | proto_ack@3.3.. |
    proto_switch@3.3.. | proto_def@3.3.. | proto_ctrl@3.3.. | updtmsg@..3.2 | ackmsg@..3.2 | swtcmsg@..3.2 |
    defmsg@..3.2 | ctrlmsg@..3.2 | sessrl@..3.2 | protoerr@..3.2 }
pt : { pt_conn_new | pt_conn_wake | pt_conn_end | pt_conn_err | strm_new | strm_shut | strm_end | strm_err | pt_rx_data
    | pt_tx_data }
qcm @3.4.. : { qcc_new | qcc_recv | qcc_send | qcc_wake | qcc_end | qcc_no_qcs | qcs_new | qcs_recv | qcs_send | qcs_end |
    strm_recv | strm_send | strm_wake | strm_shut | strm_end | send_frm | qcs_xfer_data | qcs_build_stream_frm |
    proto_err | qcc_err }
qmux : { qcc_new | qcc_recv | qcc_send | qcc_wake | qcc_end | qcc_no_qcs | qcs_new | qcs_recv | qcs_send | qcs_end |
    strm_recv | strm_send | strm_wake@2.8.. | strm_shut@2.8.. | strm_end | send_frm | qcs_xfer_data |
    qcs_build_stream_frm | proto_err | qcc_err@2.8.. }
quic : { new_conn | new_conn_init | init_secs | read_secs | write_secs | lstnr_packet | srv_packet | enc_hdshk_pkt |
    tx_pkt | phdshk_apkt | phdshk_apkts | qc_io_cb | rm_hp | parse_hpkt | parse_apkt | parse_frm | parse_ack_frm |
    build_frm | phdshk_pkts | rm_hp_try | el_rm_hp | rx_pkt | ssl_provide_data | el_treat_rx_cfrms | add_hdshk_data |
    flush_flight | send_alert | rtt_updt | sppkts | pktloss | stimer | ptimer | spto | bcfrms | xprt_send | xprt_recv |
    conn_freed | conn_close | ack_strm | frm_list | stateless_reset | transport_params | early_transport_params@3.3.. |
    idle_timer | xprt_sub | conn_recv@2.8.. | conn_bind_tid@3.1.. | conn_set_affinity@2.8..3.0 }
session @3.1.. : { sess_new | sess_end | sess_err }
spop @3.1.. : { spop_conn_new | spop_conn_recv | spop_conn_send | spop_conn_blk | spop_conn_wake | spop_conn_end |
    spop_conn_err | rx_fhdr | rx_frame | rx_eoi | rx_hello | rx_ack | rx_disconnect | tx_frame | tx_eoi | tx_hello |
    tx_notify | tx_disconnect | spop_strm_new | spop_strm_blk | spop_strm_end | spop_strm_err | strm_new | strm_recv |
    strm_send | strm_full | strm_wake | strm_shut | strm_end | strm_err }
ssl @3.2.. : { sslc_new | sslc_close | sslc_end | sslc_err | sslc_send | sslc_send_early | sslc_recv | sslc_recv_early |
    sslc_io_cb | sslc_hndshk | sslc_vfy_cb | sslc_stapling | sslc_switchctx_cb | sslc_choose_sni_ctx | sslc_sigalg_ext |
    sslc_ciphers_ext@3.3.. | sslc_curves_ext@3.3.. }
stream : { strm_new | strm_free | strm_err | strm_ana | strm_proc | sc_state | http_ana | http_err | tcp_ana | tcp_err |
    flt_ana | flt_err }

# What each source can stay with.
[trace-lock]
acme @3.3.. : { nothing | thread | acme_ctx }
applet @2.8.. : { nothing | appctx | thread }
check : { check | nothing | thread }
dbg @3.0.. : { nothing | thread }
fcgi : { backend | connection | frontend | listener | nothing | server | session | thread | fstrm }
h1 : { backend | connection | frontend | listener | nothing | server | session | thread | h1s }
h2 : { backend | connection | frontend | listener | nothing | server | session | thread | h2s }
h3 : { backend | connection | frontend | listener | nothing | server | session | thread | qcs }
haload @3.5.. : { nothing | thread | hld }
haterm @3.4.. : { nothing | thread | haterm }
peers : { backend@..3.2 | connection@..3.2 | frontend@..3.2 | listener@..3.2 | nothing | appctx@3.3.. | server@..3.2 |
    session@..3.2 | thread | peer@3.3.. | peers }
pt : { backend | connection | frontend | listener | nothing | server | session | thread }
qcm @3.4.. : { backend | connection | frontend | listener | nothing | server | session | thread | qcs }
qmux : { backend | connection | frontend | listener | nothing | server | session | thread | qcs }
quic : { connection@3.1.. | frontend@3.1.. | listener@3.1.. | nothing | session@3.1.. | qconn@3.1.. | thread | quic }
session @3.1.. : { frontend | listener | nothing | session | thread }
spop @3.1.. : { backend | connection | frontend | listener | nothing | server | session | thread | spop_strm }
ssl @3.2.. : { backend | connection | frontend | listener | nothing | server | session | thread }
stream : { backend | frontend | listener | nothing | server | session | stream | thread }

# How much each source says.
[trace-verbosity]
acme @3.3.. : { quiet | clean | minimal | simple | advanced | complete }
applet @2.8.. : { quiet | clean | minimal | simple | advanced | complete }
check : { quiet | clean | minimal | simple | advanced | complete }
dbg @3.0.. : { quiet | default }
fcgi : { quiet | clean | minimal | simple | advanced | complete }
h1 : { quiet | clean | minimal | simple | advanced | complete }
h2 : { quiet | clean | minimal | simple | advanced | complete }
h3 : { quiet | clean | minimal | simple@3.5.. | advanced@3.5.. }
haload @3.5.. : { quiet | clean }
haterm @3.4.. : { quiet | clean }
peers : { quiet | clean | minimal@3.3.. | simple@3.3.. | advanced@3.3.. | complete@3.3.. }
pt : { quiet | clean | minimal | simple | advanced | complete }
qcm @3.4.. : { quiet | clean | minimal }
qmux : { quiet | clean | minimal }
quic : { quiet | clean }
session @3.1.. : { quiet | default }
spop @3.1.. : { quiet | clean | minimal | simple | advanced | complete }
ssl @3.2.. : { quiet | clean | minimal | simple | advanced | complete }
stream : { quiet | clean | minimal | simple | advanced | complete }
