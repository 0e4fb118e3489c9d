# userlist sections (cfgparse.c, auth.c).
[userlist]
group : <name:name> [ users [<users:word>] ] [ users [<users:word>] ]*@..2.8.24 [ users [<users:word>] ]*@2.9..3.1
user : <name:word> { password [<password:word>] | insecure-password [<password:word>] | groups [<groups:word>] }*
