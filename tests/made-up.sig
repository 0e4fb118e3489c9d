# For tests/made_up.rs: a keyword that no HAProxy knows, and that stands nowhere else in the project.
[proxy]
made-up (F L B) : <backend> <resolvers> <file> <what:sample> { slow | quick }* <if>
