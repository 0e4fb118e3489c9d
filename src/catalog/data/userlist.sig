# userlist sections (cfgparse.c, auth.c).
[userlist]
group : <name:word> [ users <users> ] ...
user : <name:word> { password <password> | insecure-password <password> | groups <groups> }*
