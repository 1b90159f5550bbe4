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
