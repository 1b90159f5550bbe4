package stdlib_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/sprayc/sprayc/stdlib"
)

// shells run every script; one that is missing is skipped at home and fails in
// CI.
var shells = map[string][]string{
	"dash":    {"dash"},
	"busybox": {"busybox", "sh"},
	"bash":    {"bash"},
	"posix":   {"bash", "--posix"},
	"mksh":    {"mksh"},
	"yash":    {"yash"},
	"ksh93":   {"ksh93"},
}

// A scriptCase runs one script of a module as the shell library does: sourced in a subshell,
// with only the verbs; those that ask the API server, or read a version, are the library's. Its
// absolute paths, and those of env, are moved below a folder that holds links and files, and a
// command in stubs is a function.
type scriptCase struct {
	name   string
	script string
	env    map[string]string // its paths are moved too
	files  map[string]string // absolute path: content; one that begins with #! can be run
	links  map[string]string // absolute path: target
	stubs  map[string]string // command: body of a function
	moves  []string          // folders beside roots of which its paths are moved
	prints bool              // its standard output is said too: of an output's script
	want   string            // all that the verbs said, a line each
}

const verbs = `
ok() { printf 'ok\n' >&3; }
differs() { printf 'differs %s\n' "$1" >&3; }
blocked() { printf 'blocked %s: %s\n' "$1" "$2" >&3; }
absent() { printf 'absent %s\n' "$1" >&3; }
partial() { printf 'partial %s\n' "$1" >&3; }
present() { printf 'present\n' >&3; }
note() { printf 'note %s\n' "$1" >&3; }
version_tell() { printf 'tells %s: %s, wanted %s\n' "$1" "$3" "$2" >&3; }
version() { printf 'version %s %s (%s): %s: %s, wanted %s (%s); %s\n' "$1" "$2" "$3" "$4" "$6" "$5" "$7" "$8" >&3; }
replaces() { echo "replaces $1 $2" >&3; }
warn() { printf 'warn %s\n' "$1" >&3; }
fail() { printf 'fail %s\n' "$1" >&3; exit 1; }
status() { printf 'status %s %s: %s%s\n' "$1" "$2" "$3" "${4:+; $4}" >&3; }
certificate() { printf 'certificate %s: %s%s\n' "$1" "$2" "${3:+ ($3)}" >&3; }
served() { printf 'served %s: %s%s: %s\n' "$1" "$2" "${4:+, $4}" "$3" >&3; }
certificate_days() { sed -n 's/.*days[ _]\(-\{0,1\}[0-9]*\).*/\1/p' "$1"; }
certificate_shown() { [ "$1" = "shown $(cat "$2")" ]; }
certificate_ids() { sed -n '/^-----/!{/^by /!p;}' "$1"; }
certificate_by() { [ "$(sed -n '/^by /{s///;p;q;}' "$1")" = "$(sed -n '/^-----/!{p;q;}' "$2")" ]; }
request() { printf 'request %s for %s (%s), its key in %s: %s\n' "$1" "$2" "$3" "$4" "$(cat "$5")" >&3; }
public_key_ids() { sed -n '/^-----/!p' "$1"; }
found() {
	if [ "$2" = "$3" ]; then
		printf 'found %s: %s (%s)\n' "$1" "$2" "$4" >&3
	else
		printf 'differs %s is %s, not %s (%s)%s\n' "$1" "${3:-not set}" "${2:-unset}" "$4" "${5:+; $5}" >&3
	fi
}
`

// roots are the folders of which a script's paths are moved.
var roots = []string{"/proc", "/sys", "/etc", "/run", "/usr/share", "/var/lib/kubelet"}

// tried are the names of the shells that tests run in: all, or those that SHELLS names.
func tried(t *testing.T) []string {
	t.Helper()
	some := strings.Fields(os.Getenv("SHELLS"))
	for _, name := range some {
		if shells[name] == nil {
			t.Fatalf("SHELLS names %q, and there are %s", name, sortedNames(shells))
		}
	}
	if len(some) > 0 {
		return some
	}
	return sortedNames(shells)
}

func runCases(t *testing.T, cases []scriptCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, shell := range tried(t) {
				t.Run(shell, func(t *testing.T) {
					t.Parallel()
					if got := c.run(t, shells[shell]); got != c.want {
						t.Errorf("\n got %s\nwant %s", got, c.want)
					}
				})
			}
		})
	}
}

// runInTurn runs each case in one of the shells: of scripts that call other programs often.
func runInTurn(t *testing.T, cases []scriptCase) {
	t.Helper()
	names := sortedNames(shells)
	for i, c := range cases {
		shell := names[i%len(names)]
		t.Run(c.name+"/"+shell, func(t *testing.T) {
			t.Parallel()
			if got := c.run(t, shells[shell]); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func (c scriptCase) run(t *testing.T, shell []string) string {
	t.Helper()
	binary, err := exec.LookPath(shell[0])
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir := t.TempDir()
	for _, name := range sortedNames(c.files) {
		writeFile(t, filepath.Join(dir, name), c.files[name])
		if strings.HasPrefix(c.files[name], "#!") {
			if err := os.Chmod(filepath.Join(dir, name), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range sortedNames(c.links) {
		writeFile(t, filepath.Join(dir, name), "")
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(c.links[name], filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := fs.ReadFile(stdlib.FS, c.script)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "script.sh"), moved(string(text), dir, c.moves...))

	var run strings.Builder
	fmt.Fprintf(&run, "set -eu\nROOT_OF_TEST='%s'\nexport ROOT_OF_TEST\n", dir)
	run.WriteString(libraryVerbs(t, dir))
	for _, name := range sortedNames(c.stubs) {
		fmt.Fprintf(&run, "%s() {\n%s\n}\n", name, c.stubs[name])
	}
	for _, name := range sortedNames(c.env) {
		fmt.Fprintf(&run, "export '%s=%s'\n", name, strings.ReplaceAll(moved(c.env[name], dir, c.moves...), "'", `'\''`))
	}
	to := ""
	if c.prints {
		to = " >&3"
	}
	fmt.Fprintf(&run, "(. '%s/script.sh')%s || exit $?\n", dir, to)
	writeFile(t, filepath.Join(dir, "run.sh"), run.String())

	said := filepath.Join(dir, "said")
	out, err := os.Create(said)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	cmd := exec.Command(binary, append(shell[1:], filepath.Join(dir, "run.sh"))...)
	cmd.Env = []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/root"}
	cmd.ExtraFiles = []*os.File{out}
	log, err := cmd.CombinedOutput()
	text, readErr := os.ReadFile(said)
	if readErr != nil {
		t.Fatal(readErr)
	}
	result := strings.ReplaceAll(string(text), dir, "")
	if err != nil && !strings.Contains(result, "fail ") {
		result += fmt.Sprintf("exit: %v\n%s", err, log)
	}
	return strings.TrimSuffix(result, "\n")
}

// libraryVerbs are what a script in dir may call: those that ask the API server, or read a
// version, are the library's.
func libraryVerbs(t *testing.T, dir string) string {
	t.Helper()
	all := fmt.Sprintf("spray_nl='\n' SPRAY_MODE=plan SPRAY_RUN='%s'\n", dir)
	for _, name := range []string{"lib/state.sh", "lib/api.sh", "lib/version.sh"} {
		text, err := fs.ReadFile(stdlib.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		all += moved(string(text), dir)
	}
	return all + verbs
}

// moved puts a script's absolute paths below a folder.
func moved(text, dir string, more ...string) string {
	pairs := []string{"../usr/share/", "../usr/share/"} // where a link points
	for _, root := range append(more, roots...) {
		pairs = append(pairs, root+"/", dir+root+"/")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
