kubectl get nodes
ctr version
nft list tables                    # ERROR: undeclared command
command nft list tables            # ERROR: undeclared command
exec nft -f "$FILE"                # ERROR: undeclared command
env A=b nft -f "$FILE"             # ERROR: undeclared command
/usr/sbin/nft list tables          # ERROR: undeclared command
command -v nft
/usr/local/bin/kubectl version
"$FILE" --version
helper() { ls; }
helper
differs 'x'
found setting wanted "$PATH" how
ok
step x                             # ERROR: undeclared command
find "$DIR" -name x -exec nft -f {} \; # ERROR: undeclared command
printf x | xargs -n 1 nft              # ERROR: undeclared command
timeout -k 5 9 nft list tables         # ERROR: undeclared command
setsid "$FILE"                       # ERROR: undeclared command
sh -c 'if nft list tables; then ls; fi' # ERROR: undeclared command
trap "nft -f $FILE" EXIT               # ERROR: undeclared command
timeout 5 find "$DIR" -exec ls {} +
timeout 5 "$FILE"
trap - EXIT
sh -c "$FILE"
nice -n 10 nft list tables             # ERROR: undeclared command
env -i A=b nft list tables             # ERROR: undeclared command
env -u A -C / nft list tables          # ERROR: undeclared command
xargs -0n 1 nft <"$FILE"               # ERROR: undeclared command
timeout "$NAME" nft list tables        # ERROR: undeclared command
ionice -c 3 kubectl version            # ERROR: undeclared command
setsid -w nft list tables              # ERROR: undeclared command; undeclared command
timeout --kill-after 5 9 nice -n 10 nft list # ERROR: undeclared command
sh -ec 'nft list tables'               # ERROR: undeclared command
'nft' list tables                      # ERROR: undeclared command
"nft" list tables                      # ERROR: undeclared command
n''ft list tables                      # ERROR: undeclared command
\nft list tables                      # ERROR: undeclared command
find . -"exec" nft '{}' +              # ERROR: undeclared command
nice -n "$NAME" kubectl version
env A=b
