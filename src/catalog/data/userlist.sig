# userlist sections (cfgparse.c, auth.c).
[userlist]
group : <name:name> [ users [<users:word>] ] [ users [<users:word>] ]*@..2.7
user : <name:word> { password [<password:word>] | insecure-password [<password:word>] | groups [<groups:word>] }*
