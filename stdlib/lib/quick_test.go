package lib_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// A large file is read once, and again when it has changed, also when its size and its
// time of writing say that it has not. What was noted half counts as nothing.
func TestLargeFilesAreReadOnce(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.before = "spray_nl='\n'\nspray_tab='\t'\nsha256sum() { shift; for n; do echo \"reads $n\"; done >&2; command sha256sum -- \"$@\"; }\n" +
			"look() { quick_look \"program	/large${spray_nl}program	/small\"; printf '%s' \"$quick_noted_next$quick_sha256_next\"; }\n"
		w.mkdir("run/sprayc")
		large := strings.Repeat("0123456789abcdef", 1<<16)
		w.write("small", "small")
		put := func(text string) {
			w.write("large", text)
			w.check(os.Chtimes(w.path("large"), epoch, epoch))
		}
		put(large)
		look := func() string {
			t.Helper()
			out, err := w.command("quick", "look 2>&1").CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			return string(out)
		}
		sums := func(large string) string { return digest(large) + "  /large\n" + digest("small") + "  /small\n" }
		same(t, "first", look(), "reads /large\nreads /small\n"+sums(large))
		same(t, "again", sorted(look()), sorted("reads /small\n"+sums(large)))

		other := strings.ToUpper(large)
		put(other)
		same(t, "another of the same size and time", look(), "reads /large\nreads /small\n"+sums(other))
		same(t, "again", sorted(look()), sorted("reads /small\n"+sums(other)))

		notes := w.read("run/sprayc/sums")
		w.write("run/sprayc/sums", notes[:len(notes)-9])
		same(t, "a note cut short", look(), "reads /large\nreads /small\n"+sums(other))
		same(t, "and written again", sorted(look()), sorted("reads /small\n"+sums(other)))

		w.check(os.Remove(w.path("run/sprayc/sums")))
		w.stub("stat", `printf '%s\t%s\t%s\n' "1048576 1 2 2026-01-01 00:00:00.000000000 +0000 $STAT_TIME" /large "'/large'"`)
		w.before += "export STAT_TIME=$(date +%s)\n"
		same(t, "changed just now, in whole seconds", look(), "reads /large\nreads /small\n"+sums(other))
		same(t, "is not noted", w.read("run/sprayc/sums"), "(none)")
		w.before += "STAT_TIME=" + time.Unix(1e9, 0).Format("20060102") + "\n"
		same(t, "long ago", look(), "reads /large\nreads /small\n"+sums(other))
		same(t, "is noted", sorted(look()), sorted("reads /small\n"+sums(other)))
	})
}

// What was renamed into its place with a digest that is known is not read again, until it
// has changed; and what was noted of other files stays.
func TestPlacedFilesAreNotRead(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		w.before = "spray_nl='\n'\nspray_tab='\t'\nsha256sum() { shift; for n; do echo \"reads $n\"; done >&2; command sha256sum -- \"$@\"; }\n" +
			"look() { quick_look \"program	/a b${spray_nl}program	/large${spray_nl}program	/small\"; printf '%s' \"$quick_noted_next$quick_sha256_next\"; }\n"
		w.mkdir("run/sprayc")
		large, other := strings.Repeat("0123456789abcdef", 1<<16), strings.Repeat("x", 1<<18)
		w.write("small", "small")
		w.write("large", large)
		w.write("a b", other)
		run := func(code string) string {
			t.Helper()
			out, err := w.command("quick", code+" 2>&1").CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			return sorted(string(out))
		}
		sums := digest(large) + "  /large\n" + digest("small") + "  /small\n" + digest(other) + "  /a b\n"
		placed := fmt.Sprintf("sum_placed '%s  /a b\n%s  /small\n'", digest(other), digest("small"))
		same(t, "what is said of placing", run(placed), "")
		same(t, "one was placed", run("look"), sorted("reads /large\nreads /small\n"+sums))
		same(t, "and is still noted", run("look"), sorted("reads /small\n"+sums))
		w.write("a b", large)
		same(t, "it has changed", run("look"), sorted("reads /a b\nreads /small\n"+strings.Replace(sums, digest(other), digest(large), 1)))
	})
}

// What is installed is asked once, and again when dpkg has written its file anew, is at work,
// or was killed; and when other packages are wanted. A note cut short counts as nothing.
func TestPackagesAreAskedOnce(t *testing.T) {
	eachShell(t, func(t *testing.T, w *world) {
		stubApt(w)
		w.before = "spray_nl='\n'\nspray_tab='\t'\n"
		w.mkdir("run/sprayc")
		w.mkdir("var/lib/dpkg/updates")
		const status, notes, journal = "var/lib/dpkg/status", "run/sprayc/packages", "var/lib/dpkg/updates/0001"
		w.write(status, "1")
		look := func(names ...string) string {
			t.Helper()
			w.calls()
			out, err := w.command("package.debian quick", "quick_look \"package\t"+strings.Join(names, "${spray_nl}package\t")+"\"\nprintf '%s' \"$quick_package\"").CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			said := strings.TrimSpace(string(out))
			if strings.Contains(w.calls(), "dpkg-query ") {
				said = "asks: " + said
			}
			return said
		}
		const base, tool = "base\t1\tpresent\t-", "tool\t2\tpresent\t-"
		same(t, "first", look("base", "tool"), "asks: "+base)
		same(t, "again", look("base", "tool"), base)
		same(t, "others", look("base"), "asks: "+base)
		same(t, "again", look("base"), base)

		w.write("t/installed", "base 1 ii\ntool 2 ii\n")
		w.write(status+".new", "2")
		w.check(os.Rename(w.path(status+".new"), w.path(status)))
		same(t, "another file of the same size", look("base", "tool"), "asks: "+base+"\n"+tool)
		same(t, "again", look("base", "tool"), base+"\n"+tool)

		noted := w.read(notes)
		if out, err := w.command("package.debian quick", "quick_forget_packages").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		same(t, "a change of ours", look("base", "tool"), "asks: "+base+"\n"+tool)

		w.write(notes, noted[:len(noted)-len("end\n")])
		same(t, "a note cut short", look("base", "tool"), "asks: "+base+"\n"+tool)
		same(t, "is written again", w.read(notes), noted)

		w.write(journal, "")
		w.write("t/installed", "base 1 ii\ntool 2 iU\n")
		const broken = "tool\t2\tbroken\t-"
		same(t, "dpkg is at work", look("base", "tool"), "asks: "+base+"\n"+broken)
		same(t, "and still", look("base", "tool"), "asks: "+base+"\n"+broken)
		same(t, "nothing is noted", w.read(notes), noted)
		w.check(os.Remove(w.path(journal)))

		w.check(os.Remove(w.path(notes)))
		w.stub("stat", `printf '%s\t%s\t%s\n' "1 1 2 2026-01-01 00:00:00.000000000 +0000 1000000000" /var/lib/dpkg/status "'/var/lib/dpkg/status'"`)
		same(t, "times in whole seconds", look("base", "tool"), "asks: "+base+"\n"+broken)
		same(t, "are not noted", w.read(notes), "(none)")
	})
}
