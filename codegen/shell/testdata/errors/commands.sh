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
