# Actions of `quic-initial` rules (quic_rules.c), all since 3.1 like the keyword.
[quic-initial]
accept : <if>
dgram-drop : <if>
do-log : [ profile <profile:word> ]* <if>
reject : <if>
send-retry : <if>
