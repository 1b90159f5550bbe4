package runner

import (
	"fmt"
	"strings"

	"github.com/sprayc/sprayc/runner/ssh"
)

// Where bundles live on a host. What only looks is kept in memory.
const (
	storeDir      = "/var/lib/sprayc/bundles"
	memoryDir     = "/run/sprayc/bundles"
	runsDir       = "/var/lib/sprayc/runs"
	memoryRunsDir = "/run/sprayc/runs"  // of what only looks
	aboutDir      = "/run/sprayc/about" // values of other hosts, while they are handed over
	inDir         = "/run/sprayc/in"    // live values
)

// startScript is one round trip: it looks whether the bundle is there and whole,
// takes it from standard input when it is not, and goes on to run.sh, or to
// following the run when it has been started already.
//
// It is sent as text that every login shell passes on (see ssh.Command): no
// single quote, backslash, exclamation mark or line break. Its lines are joined
// with blanks. $1 the mark before our words on standard output, $2 the bundle's
// digest, $3 where it is put, $4 the run, $5 the offset to follow from, $6 what to
// do: run, stop (after a bundle was sent), look (plan, and apply only when that
// finds something; not after a bundle was sent), $7 how many things the host is given,
// then DIGEST=PATH of the class's list and of what is the host's own, "--", the same of
// the list of all files and its approvals, if there are any, "--", and run.sh's arguments.
//
// What is given stands first on standard input: a line NAME SIZE, then SIZE bytes. It is
// read byte by byte, so that nothing behind it is, kept in memory, and removed at the end.
//
// The first list on standard input has the digest of the class's list and of the
// host's own files, and the class's list is the second that sha256sum reads.
// The bundle's own list is checked against the digest given here before run.sh is
// executed, each time: so a copy that a power cut has torn is found too, and
// nothing needs to be synced. Another runner may send the same bundle at the same
// time: only what was torn from the beginning is removed, and who comes second finds
// its own copy inside the first one's. What a power cut has left of an upload is removed by
// the next; a bundle in memory is removed by who put it there, also when its link is
// gone.
//
// Approvals come and go while the bundle, and its digest, stay: to a bundle that is there
// whole but for them they are sent alone. What only looks changes nothing there, and has
// the bundle sent to memory, with them.
const startScript = `
set -eu; umask 077;
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH;
mark=$1; digest=$2; place=$3; run=$4; offset=$5; after=$6; left=$7; shift 7;
given=; tmp=; drop=;
clean() { if [ "$given$tmp$drop" ]; then rm -rf $given $tmp $drop; fi; };
trap clean EXIT; trap "exit 1" HUP INT TERM PIPE;
while [ "$left" -gt 0 ]; do
  left=$((left - 1)); read -r name size;
  case $name in
    */*) to=` + aboutDir + `; name=$run.env;;
    *) to=` + inDir + `;;
  esac;
  [ -d "$to" ] || mkdir -p "$to"; given="$given $to/$name";
  dd bs=1 count="$size" of="$to/$name" 2>/dev/null;
done;
list=${1#*=}; sums=;
until [ "$1" = -- ]; do sums="$sums $1"; shift; done; shift;
seals=; until [ "$1" = -- ]; do seals="$seals $1"; shift; done; shift; want="$sums$seals";
look=; for arg in "$@"; do case $arg in apply|--hold|--token) ;; *) look="$look $arg";; esac; done;
whole() {
  [ -f "$1/run.sh" ] && cd "$1" && for sum in $want; do echo "${sum%%=*}  ${sum#*=}"; done | sha256sum -c - "$list" >/dev/null 2>&1;
};
bare() { want=$sums; rc=0; whole "$1" || rc=1; want="$sums$seals"; return "$rc"; };
take() {
  zip=; if command -v gzip >/dev/null 2>&1; then zip=z; fi;
  tmp=$place/.$digest.spray.$$;
  echo "$mark $1 tar$zip";
};
fill() {
  mkdir "$tmp" 2>/dev/null || { rm -rf "$tmp"; mkdir "$tmp"; };
  tar -x${zip}f - -C "$tmp";
};
there() { torn=; if [ -e "$1" ] || [ -h "$1" ]; then torn=1; fi; whole "$1"; };
dir=` + storeDir + `/$digest;
if there "$dir"; then echo "$mark have";
elif [ "$seals" ] && [ "$place" = ` + storeDir + ` ] && bare "$dir"; then
  take seal;
  if fill && cd "$tmp" && for sum in $seals; do echo "${sum%%=*}  ${sum#*=}"; done | sha256sum -c - >/dev/null 2>&1; then :;
  else echo "$mark broken"; exit 1; fi;
  mkdir -p "$dir/approvals"; rm -f "$dir"/approvals/*;
  mv "$tmp"/approvals/* "$dir/approvals"; mv "$tmp/bundle.sha256" "$dir/bundle.sha256"; cd /; rm -rf "$tmp"; tmp=; echo "$mark sealed";
else
  dir=$place/$digest; [ "$place" = ` + storeDir + ` ] || drop=$dir;
  if [ "$drop" ] && there "$dir"; then drop=; echo "$mark have";
  else
    take need;
    [ -d "$place" ] || mkdir -p "$place";
    if [ "$torn" ]; then rm -rf "$dir"; fi;
    for old in "$place"/.*.spray.* "$place"/*/.*.spray.*; do
      if [ -d "$old" ]; then grep -q sprayc "/proc/${old##*.}/cmdline" 2>/dev/null || rm -rf "$old"; fi;
    done;
    if fill && whole "$tmp"; then :;
    else echo "$mark broken"; exit 1; fi;
    mv "$tmp" "$dir"; if [ -d "$dir/${tmp##*/}" ]; then rm -rf "$dir/${tmp##*/}"; fi; tmp=; echo "$mark stored";
    kept=0; there=0; for old in "$place"/*; do there=$((there + 1)); done;
    if [ "$there" -gt 2 ]; then
      for old in $(ls -t "$place"); do
        [ "$old" = "$digest" ] || kept=$((kept + 1));
        [ "$kept" -le 1 ] || [ "$old" = "$digest" ] || rm -rf "$place/$old";
      done;
    fi;
    if [ "$after" = stop ]; then exit 0; fi;
    after=run;
  fi;
fi;
begun=; if [ -e ` + runsDir + `/$run/events ]; then begun=1; fi;
if [ "$after" = look ] && [ "$offset" = 0 ] && [ -z "$begun" ]; then
  rc=0; sh "$dir/run.sh" start "$run.look" plan --brief $look </dev/null || rc=$?;
  if [ "$rc" = 0 ]; then exit 0; fi;
  if [ "$rc" = 75 ]; then exit 75; fi;
  echo "$mark apply";
fi;
if [ "$begun" ]; then set -- follow "$run" "$offset"; else set -- start "$run" "$@"; fi;
if [ "$drop$given" ]; then rc=0; sh "$dir/run.sh" "$@" </dev/null || rc=$?; exit "$rc"; fi;
exec sh "$dir/run.sh" "$@" </dev/null
`

// callScript runs run.sh of a bundle that is there, with standard input its own.
// $1 digest, then as in startScript, "--" and the arguments.
const callScript = `
set -eu; umask 077;
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH;
digest=$1; shift; list=${1#*=}; sums=;
until [ "$1" = -- ]; do sums="$sums $1"; shift; done; shift;
for place in ` + storeDir + ` ` + memoryDir + `; do
  dir=$place/$digest;
  if [ -f "$dir/run.sh" ] && cd "$dir" && for sum in $sums; do echo "${sum%%=*}  ${sum#*=}"; done | sha256sum -c - "$list" >/dev/null 2>&1;
  then exec sh "$dir/run.sh" "$@"; fi;
done;
echo "the bundle $digest is not there" >&2; exit 97
`

// surveyScript lists marks and claims, one a line, and says whether anything is ours.
const surveyScript = `
set -u; cd /var/lib/sprayc 2>/dev/null || exit 0;
for kind in marks claims; do
  for file in "$kind"/*; do if [ -e "$file" ]; then echo "$file"; fi; done;
done;
if [ -s owned ]; then echo owned/; fi
`

// markScript leaves the mark $1, or takes it away. $2 is yes or no.
const markScript = `
set -eu; umask 077; cd /;
dir=/var/lib/sprayc/marks;
if [ "$2" = yes ]; then [ -d "$dir" ] || mkdir -p "$dir"; echo runner >"$dir/$1"; else rm -f "$dir/$1"; fi
`

// logScript prints the end of a run's log. $1 is the run.
const logScript = `
for dir in ` + runsDir + ` ` + memoryRunsDir + `; do
  if [ -f "$dir/$1/log" ]; then exec tail -c 262144 "$dir/$1/log"; fi;
done
`

// flat makes one line of a script.
func flat(script string) string {
	lines := strings.Split(strings.TrimSpace(script), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, " ")
}

func command(script string, args ...string) (ssh.Command, error) {
	cmd, err := ssh.NewCommand(flat(script), args...)
	if err != nil {
		return cmd, fmt.Errorf("make a remote command: %w", err)
	}
	return cmd, nil
}
