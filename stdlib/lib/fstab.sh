# fstab: reading and changing /etc/fstab, line by line and by whole fields.

# fstab_fields LINE: fstab_device, fstab_path, fstab_type, fstab_options, fstab_dump and
# fstab_pass; 1 when it is empty or a comment.
fstab_fields() {
	set -f
	# shellcheck disable=SC2086 # the fields
	set -- $1
	set +f
	case ${1-} in
	'' | '#'*) return 1 ;;
	esac
	fstab_device=$1 fstab_path=${2-} fstab_type=${3-} fstab_options=${4:-defaults}
	fstab_dump=${5:-0} fstab_pass=${6:-0}
}

# fstab_encode TEXT: fstab_encoded is TEXT as a field, with blanks and backslashes as \ooo.
fstab_encode() {
	fstab_encoded='' fstab_rest=$1
	while :; do
		fstab_part=${fstab_rest%%[" 	\\"]*}
		fstab_encoded=$fstab_encoded$fstab_part
		fstab_rest=${fstab_rest#"$fstab_part"}
		case $fstab_rest in
		' '*) fstab_encoded=$fstab_encoded'\040' ;;
		'	'*) fstab_encoded=$fstab_encoded'\011' ;;
		\\*) fstab_encoded=$fstab_encoded'\134' ;;
		*) break ;;
		esac
		fstab_rest=${fstab_rest#?}
	done
}

# fstab_put TEXT: the new /etc/fstab, in one rename, with the mode of the old one. The first
# original is kept.
fstab_put() {
	keep_before /etc/fstab
	stat_of /etc/fstab
	fstab_mode=${stat_of##* } dropin_text=$1
	own_edit /etc/fstab dropin_print
	dropin_write /etc/fstab "$1" "$fstab_mode"
	dropin_is /etc/fstab "$1" "$fstab_mode" || fail "/etc/fstab was written, and $dropin_why"
	[ ! -d /run/systemd/system ] || systemctl daemon-reload ||
		note 'systemctl daemon-reload failed after a change of /etc/fstab'
}
