# userlist sections (cfgparse.c, auth.c).
[userlist]
group : <name:word> [ users [<users>] ] [ users [<users>] ]*@..2.7
user : <name:word> { password [<password>] | insecure-password [<password>] | groups [<groups>] }*
