# Actions of `quic-initial` rules (quic_rules.c), all since 3.1 like the keyword.
[quic-initial]
accept : <if> ; final
dgram-drop : <if> ; final
do-log : [ profile <profile:log_profile> ]*@3.3.. <if>
reject : <if> ; final
send-retry : <if> ; final
