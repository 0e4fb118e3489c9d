# program sections (mworker-prog.c).
[program]
command : <words>
option : start-on-reload
user : <user>
group : <group>
