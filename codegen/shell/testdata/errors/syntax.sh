ls
ls "$FILE" ) # ERROR: shell syntax error
ls
