# userlist sections (cfgparse.c, auth.c).
[userlist]
group : <name> [ users <users> ] ...
user : <name> { password <password> | insecure-password <password> | groups <groups> }*
