timedatectl set-timezone "$ZONE"
chronyc add server "$SERVER" # ERROR: undeclared command
