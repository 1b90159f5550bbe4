eval "$NAME"                       # ERROR: eval
sudo ls                            # ERROR: sudo in a script
su -c ls                           # ERROR: sudo in a script
echo "$NAME"                       # ERROR: echo
echo -e 'a\tb'                     # ERROR: echo
set -x                             # ERROR: trace of every command
set -eux                           # ERROR: trace of every command
set -o xtrace                      # ERROR: trace of every command
set -- -x
set -eu
cat <<EOF
name: "$NAME"                      # ERROR: value in a here-document
at: $(date)                        # ERROR: value in a here-document
EOF
cat <<'EOF'
name: "$NAME"
EOF
cat <<EOF
nothing
EOF
# tolerate: NAME is a DNS label
cat <<EOF
name: "$NAME"
EOF
while read -r line; do
	printf '%s\n' "$line"
done <<-EOF
	$NAME
EOF
nice -n 10 sudo ls                 # ERROR: sudo in a script
timeout 5 sh -c 'sudo ls'          # ERROR: sudo in a script
"eval" ls                          # ERROR: eval
