# traces sections, and `trace` in `global` up to 3.0, which reads one statement (trace.c, _trace_parse_statement()).
[traces]
trace : code(told_if_alone) &trace-source

# What is traced, by the names that the sources register.
[trace-source]
0 : ...
all @3.1.. : code(told_if_alone) &trace-all*
acme @3.4.. : code(told_if_alone) &trace-step*
applet : code(told_if_alone) { &trace-step@..3.0 ... | &trace-step@3.1.. &trace-step* }
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

# What is done with a source; events, verbosities and what can be locked on are those of each source.
[trace-step]
event : code(told_if_alone) <event:word>
follow @3.1.. : code(told_if_alone) { none | <source:word> }
level : code(told_if_alone) { error | user | proto | state | data | developer }
lock : code(told_if_alone) <criterion:word>
pause : code(told_if_alone) <event:word>
sink : code(told_if_alone) <sink:ring>
start : code(told_if_alone) <event:word>
stop : code(told_if_alone) <event:word>
verbosity : code(told_if_alone) <verbosity:word>

# What is done with all of them.
[trace-all]
follow : code(told_if_alone) { none | <source:word> }
level : code(told_if_alone) { error | user | proto | state | data | developer }
sink : code(told_if_alone) <sink:ring>
