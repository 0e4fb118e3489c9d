# mailers sections (mailers.c).
[mailers]
mailer : <name:name> <address:address mailer> ...
timeout : { mail <time> }
