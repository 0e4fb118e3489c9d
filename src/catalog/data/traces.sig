# traces sections (trace.c).
[traces]
trace : <words>
