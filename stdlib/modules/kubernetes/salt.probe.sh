# SALT  a file with a word that only this host knows

if [ -s "$SALT" ]; then ok; else differs "there is no $SALT"; fi
