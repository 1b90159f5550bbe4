package stdlib_test

import (
	"testing"

	"github.com/zclconf/go-cty/cty"
)

const osModule = "modules/os/"

func TestOSHostname(t *testing.T) {
	probe := func(name, now, kept, want string) scriptCase {
		return scriptCase{name: name, script: osModule + "hostname.probe.sh", env: map[string]string{"NAME": "cp1"},
			files: map[string]string{"/proc/sys/kernel/hostname": now + "\n", "/etc/hostname": kept}, want: want}
	}
	none := probe("no /etc/hostname", "cp1", "", "differs /etc/hostname says nothing, expected cp1")
	delete(none.files, "/etc/hostname")
	runCases(t, []scriptCase{
		probe("both", "cp1", "cp1\n", "ok"),
		probe("without a newline", "cp1", "cp1", "ok"),
		probe("another now", "localhost", "cp1\n", "differs the host's name is localhost, expected cp1"),
		probe("another after a boot", "cp1", "debian\n", "differs /etc/hostname says debian, expected cp1"),
		none,
	})
}

// What the act writes is what the probe reads.
func TestOSHostnameAct(t *testing.T) {
	runCases(t, []scriptCase{{
		name: "sets both", script: osModule + "hostname.act.sh", env: map[string]string{"NAME": "cp1"},
		files: map[string]string{"/proc/sys/kernel/hostname": "old\n", "/etc/hostname": "old\n"},
		stubs: map[string]string{"printf": `command printf "$@"; command printf 'wrote %s' "$2" >&3; command printf '\n' >&3`},
		want:  "wrote cp1\nreplaces /etc/hostname " + digest("cp1\n") + "\nwrote cp1",
	}})
}

func TestOSTimezone(t *testing.T) {
	probe := func(name, target, want string) scriptCase {
		c := scriptCase{name: name, script: osModule + "timezone.probe.sh", env: map[string]string{"ZONE": "Europe/Berlin"},
			files: map[string]string{"/usr/share/zoneinfo/Europe/Berlin": "TZif"}, links: map[string]string{}, want: want}
		if target != "" {
			c.links["/etc/localtime"] = target
		}
		return c
	}
	missing := probe("no zones", "", "blocked package tzdata: there is no /usr/share/zoneinfo/Europe/Berlin")
	missing.files = nil
	runCases(t, []scriptCase{
		probe("relative", "../usr/share/zoneinfo/Europe/Berlin", "ok"),
		probe("another", "/none/Etc/UTC", "differs /etc/localtime is /none/Etc/UTC, expected the zone Europe/Berlin"),
		probe("none", "", "differs /etc/localtime is nothing, expected the zone Europe/Berlin"),
		missing,
	})
}

func TestOSFirstSync(t *testing.T) {
	tracking := func(offset, leap string) string {
		return "printf '%s\\n' '0A000001,10.0.0.1,3,1790000000.1," + offset + ",0.1,0.2,1.0,0.0,0.1,0.01,0.02,64.1," + leap + "'"
	}
	probe := func(name, stub, want string) scriptCase {
		return scriptCase{name: name, script: osModule + "first-sync.probe.sh", env: map[string]string{"MAX_OFFSET_MS": "500"}, stubs: map[string]string{"chronyc": stub}, want: want}
	}
	runCases(t, []scriptCase{
		probe("right", tracking("-0.000012", "Normal"), "ok"),
		probe("far behind", tracking("-0.750000", "Normal"), "differs the clock is off by 750 ms, expected less than 500 ms"),
		probe("no server yet", tracking("0.0", "Not synchronised"), "differs no time server has answered yet"),
		probe("no daemon", "return 1", "blocked service chrony: chronyd does not answer"),
		{name: "no time in time", script: osModule + "first-sync.act.sh", env: map[string]string{"MAX_OFFSET_MS": "500", "TIMEOUT": "60"},
			stubs: map[string]string{"chronyc": `case $* in *waitsync*) [ "$*" = '-n waitsync 60 0.500 0 1' ] || note "called: $*"; return 1 ;; esac`},
			want:  "fail no synchronisation within 60 s; are the time servers reachable on UDP port 123? look at: chronyc sources"},
		{name: "in time", script: osModule + "first-sync.act.sh", env: map[string]string{"MAX_OFFSET_MS": "500", "TIMEOUT": "60"}, stubs: map[string]string{"chronyc": "return 0"}},
	})
}

func TestOSChronyConf(t *testing.T) {
	got := render(t, osModule+"chrony.conf.tmpl", map[string]cty.Value{"servers": list("10.0.0.1", "ntp.example.com"), "drift": cty.StringVal("/var/lib/chrony/drift")})
	want := `server 10.0.0.1 iburst
server ntp.example.com iburst
driftfile /var/lib/chrony/drift
# A clock that is far off is set at once in the first three updates, later it is
# only slewed: nothing that runs sees time go backwards.
makestep 1.0 3
rtcsync
`
	if got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}
