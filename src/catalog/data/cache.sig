# cache sections (cache.c). Wrong values are told by a warning, and HAProxy stops there.
[cache]
total-max-size : <megabytes:int 0..4095> ; aborts
max-age : code(told_if_alone) <seconds:atoi>
max-object-size : <bytes:int> ; aborts
process-vary : code(vary)
max-secondary-entries : <number:int nonzero wraps> ; aborts
early-hints @3.5.. : code(hints) [ ratio <percent:int 1..99> ]
