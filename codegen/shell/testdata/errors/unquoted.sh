rm -f $FILE                        # ERROR: unquoted expansion
rm -f "$FILE" ${DIR}/x             # ERROR: unquoted expansion
ls $(cat "$FILE")                  # ERROR: unquoted expansion
ls `cat "$FILE"`                   # ERROR: unquoted expansion
ls >$FILE                          # ERROR: unquoted expansion
export X=$NAME                     # ERROR: unquoted expansion
ls $@                              # ERROR: unquoted expansion
case x in $NAME) ;; esac           # ERROR: unquoted expansion
x=${NAME#$DIR}                     # ERROR: unquoted expansion
# And where nothing is split:
x=$NAME y=$(cat "$FILE")
case $x in "$y") ;; esac
for word in $NAME; do ls "$word"; done
ls "$#" $# $? $((1 + 2)) ${#x} ${NAME:+"$NAME"} ${1+"$@"}
x=${NAME#"$DIR"}
# tolerate: NAME is a list of words
ls $NAME
ls $NAME # tolerate: a list of words
# tolerate:
ls $NAME                           # ERROR: unquoted expansion
# shellcheck disable=SC2086 # a list of words
ls $NAME
