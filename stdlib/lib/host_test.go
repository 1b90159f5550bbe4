package lib_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// A machine is a world with a bundle in /b and the machine's real /proc: run.sh runs
// in it from end to end.
type machine struct {
	*world
	runs int
}

func newMachine(t *testing.T, w *world) *machine {
	t.Helper()
	m := &machine{world: w}
	m.check(os.RemoveAll(m.path("proc")))
	m.mkdir("proc")
	m.write("etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n")
	m.mkdir("etc/systemd/system")
	m.write("t/stubs/systemctl", systemctlStub)
	m.check(os.Chmod(m.path("t/stubs/systemctl"), 0o755))
	return m
}

// systemctlStub keeps units in /sd: enabled.UNIT, active.UNIT, in changed.UNIT how often it
// was started, stopped or told to read its files, and every call that changes something in
// calls. What is asked of a unit with a file deaf.UNIT does nothing and ends well.
const systemctlStub = `#!/bin/dash
mkdir -p /sd
verb=$1
shift
case $verb in
show) ;;
*) printf '%s\n' "$verb${1:+ $1}" >>/sd/calls ;;
esac
case $verb in
start | restart | reload | stop)
	[ ! -e "/sd/deaf.$1" ] || exit 0
	changed=0
	[ ! -e "/sd/changed.$1" ] || read -r changed <"/sd/changed.$1"
	printf '%s\n' "$((changed + 1))" >"/sd/changed.$1"
	;;
esac
case $verb in
show)
	while [ "$1" != -- ]; do shift; done
	shift
	first=true
	for unit; do
		[ "$first" = true ] || echo
		first=false load=not-found file='' active=inactive sub=dead
		if [ -e "/etc/systemd/system/$unit" ] || [ -e "/sd/packaged.$unit" ]; then load=loaded file=disabled; fi
		[ ! -e "/sd/enabled.$unit" ] || file=enabled
		[ ! -e "/sd/masked.$unit" ] || load=masked file=masked
		[ ! -e "/sd/active.$unit" ] || active=active sub=running
		[ ! -e "/sd/failed.$unit" ] || active=failed sub=failed
		changed=0
		[ ! -e "/sd/changed.$unit" ] || read -r changed <"/sd/changed.$unit"
		printf 'LoadState=%s\nActiveState=%s\nSubState=%s\nUnitFileState=%s\nNeedDaemonReload=no\nStateChangeTimestampMonotonic=%s\n' "$load" "$active" "$sub" "$file" "$changed"
	done
	;;
enable) : >"/sd/enabled.$1" ;;
disable)
	[ "$1" != --now ] || { shift; rm -f "/sd/active.$1"; }
	rm -f "/sd/enabled.$1"
	;;
start | restart)
	[ ! -e "/sd/broken.$1" ] || exit 1
	: >"/sd/active.$1"
	rm -f "/sd/failed.$1"
	;;
reload) ;;
stop) rm -f "/sd/active.$1" ;;
mask) : >"/sd/masked.$1" ;;
unmask) rm -f "/sd/masked.$1" ;;
esac
`

// stepText is one generated step.
func stepText(name string, calls ...string) string {
	return "main() {\n\tstep " + name + "\n\t" + strings.Join(calls, "\n\t") + "\n\tstep_end\n}\n\nmain \"$@\"\n"
}

// quoted is a word for the shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// call is a call of resource with plainly quoted arguments; NAME=$... stays as it is.
func call(kind, name string, args ...string) string {
	words := []string{"resource", kind, quoted(name), "'m.hcl:1:1'"}
	for _, arg := range args {
		if key, value, ok := strings.Cut(arg, "="); ok && strings.HasPrefix(value, "$SPRAY") {
			words = append(words, key+`="`+value+`"`)
			continue
		}
		words = append(words, quoted(arg))
	}
	return strings.Join(words, " ")
}

// fileCall is a file with this content.
func fileCall(path, content string, args ...string) string {
	return call("file", path, append([]string{"path=" + path, "content=" + content, "sha256=" + digest(content)}, args...)...)
}

// A bundle of one host: step name and script, in order, and other files.
type bundleText struct {
	steps [][2]string
	files map[string]string
	live  string
	env   string
}

// install puts a bundle in /b.
func (m *machine) install(b bundleText) {
	m.t.Helper()
	m.check(os.RemoveAll(m.path("b")))
	names, err := filepath.Glob("*.sh")
	m.check(err)
	var sums strings.Builder
	for _, name := range names {
		data, err := os.ReadFile(name)
		m.check(err)
		if name == "run.sh" {
			m.write("b/run.sh", string(data))
		} else {
			m.write("b/lib/"+name, string(data))
			fmt.Fprintf(&sums, "%s  lib/%s\n", digest(string(data)), name)
		}
	}
	var list strings.Builder
	for _, step := range b.steps {
		script := "steps/" + step[0] + ".sh"
		m.write("b/"+script, step[1])
		list.WriteString(step[0] + "\t" + script + "\tall\n")
	}
	for name, text := range b.files {
		m.write("b/"+name, text)
	}
	m.write("b/classes/c.steps", list.String())
	if b.live != "" {
		m.write("b/classes/c.live", b.live)
	}
	whole := fmt.Sprintf("%s  classes/c.steps\n%s", digest(list.String()), &sums)
	m.write("b/classes/c.sha256", whole)
	env := "\nSPRAY_HOST='one'\nSPRAY_ADDRESS='127.0.0.1'\nSPRAY_OS='debian-12'\nSPRAY_OS_FAMILY='debian'\n" +
		"SPRAY_OS_ID='debian'\nSPRAY_OS_VERSION='12'\nSPRAY_ARCH='" + arch() + "'\nSPRAY_CLASS='c'\nSPRAY_CLUSTER='t'\nSPRAY_OPERATION='converge'\n"
	payloads := map[string]bundle.File{}
	for name, text := range b.files {
		if strings.HasPrefix(name, "hosts/one/") {
			payloads[name] = bundle.File{Data: []byte(text)}
		}
	}
	values := []byte(env + b.env)
	m.write("b/hosts/one.env", string(bundle.WithDigest(values, bundle.HostDigest("one", "c", digest(whole), values, payloads))))
}

func arch() string {
	out, _ := exec.Command("uname", "-m").Output()
	switch strings.TrimSpace(string(out)) {
	case "aarch64":
		return "arm64"
	case "x86_64":
		return "amd64"
	}
	return strings.TrimSpace(string(out))
}

// sh runs a line of shell in the machine.
func (m *machine) sh(line string) *exec.Cmd {
	m.t.Helper()
	enter := `set -e
mount --bind /usr "$1/usr"
mount --bind /dev/null "$1/dev/null"
mount --rbind /proc "$1/proc"
mount --bind "$1/t/stubs" "$1/usr/local/sbin"
exec chroot "$1" /bin/dash -c "$2"`
	cmd := exec.Command("unshare", "-m", "/bin/sh", "-c", enter, "enter", m.root, line)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SPRAY_SH=" + strings.Join(m.shell, " ")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// said runs a line and returns all that it said, and its status when that is not 0.
func (m *machine) said(line string) string {
	m.t.Helper()
	out, err := m.sh(line).CombinedOutput()
	text := jobKilled.ReplaceAllString(string(out), "")
	if exit, ok := err.(*exec.ExitError); ok {
		return text + fmt.Sprintf("exit %d\n", exit.ExitCode())
	}
	m.check(err)
	return text
}

// jobKilled is what some shells say of a job that was killed.
var jobKilled = regexp.MustCompile(`(?m)^.*(?:\d+:? Killed|: Killed|\bKilled +).*\n`)

var pidText = regexp.MustCompile(`process [0-9]+`)

// firstLine is the first event; in tests the run has no name, and the digest is d1.
var firstLine = regexp.MustCompile(`(?m)^v\t1\t[^\t]*\t([^\t]*\t)[0-9a-f]{64}\t`)

// timesLine is what a plan tells of how long steps took before.
var timesLine = regexp.MustCompile(`(?m)^times\t.*\n`)

func plainEvents(got string) string {
	return timesLine.ReplaceAllString(firstLine.ReplaceAllString(got, "v\t${1}d1\t"), "")
}

// do starts an operation and returns its events; the run's name is left out.
func (m *machine) do(args string) string {
	m.t.Helper()
	m.runs++
	run := fmt.Sprintf("r%03d", m.runs)
	got := m.said("sh /b/run.sh start " + run + " " + args)
	for _, folder := range []string{"var/lib", "run"} {
		if log := m.read(folder + "/sprayc/runs/" + run + "/log"); log != "" && log != "(none)" {
			m.t.Logf("log of %s %s:\n%s", run, args, log)
		}
	}
	return plainEvents(got)
}

// eachMachine runs the test once for each shell.
func eachMachine(t *testing.T, test func(t *testing.T, m *machine)) {
	t.Helper()
	eachShell(t, func(t *testing.T, w *world) { test(t, newMachine(t, w)) })
}

// begin is the first event of an operation.
func begin(operation string) string { return "v\tone\td1\t" + operation + "\n" }
