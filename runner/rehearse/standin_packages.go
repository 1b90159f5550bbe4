package rehearse

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

// What is remembered of packages: the file "packages" has lines NAME VERSION, with
// no version for one that was removed; "holds" has lines NAME yes or NAME.

// provides are commands and units that packages bring, for those that modules go
// on to use. A unit runs a program that only waits.
type provides struct {
	commands []string
	units    []string
}

func provided(family, name string) provides {
	switch name {
	case "chrony":
		unit := "chrony.service"
		if family == "rhel" {
			unit = "chronyd.service"
		}
		return provides{[]string{"chronyc", "chronyd"}, []string{unit}}
	case "conntrack", "conntrack-tools":
		return provides{commands: []string{"conntrack"}}
	case "ethtool", "socat", "ipset", "ipvsadm", "curl", "haproxy", "keepalived", "nginx":
		return provides{commands: []string{name}, units: units(name)}
	case "iproute2", "iproute":
		return provides{commands: []string{"ip", "ss"}}
	case "iptables", "iptables-nft":
		return provides{commands: []string{"iptables", "ip6tables", "iptables-save", "iptables-restore"}}
	case "open-iscsi", "iscsi-initiator-utils":
		return provides{units: []string{"iscsid.service"}}
	case "nfs-common", "nfs-utils":
		return provides{commands: []string{"mount.nfs"}}
	}
	return provides{}
}

func units(name string) []string {
	switch name {
	case "haproxy", "keepalived", "nginx":
		return []string{name + ".service"}
	}
	return nil
}

// installPackage remembers a package and brings what it provides.
func (s *standIn) installPackage(family, name, version string) int {
	if version == "" {
		version = "1.0-rehearsal"
	}
	s.remember("packages", name+" "+version)
	brings := provided(family, name)
	for _, command := range brings.commands {
		if realPath(command) == "" {
			if code := s.put(standInFolder+"/"+command, standInScript(command), 0o755); code != 0 {
				return code
			}
			s.remember("made-up", command+" "+version)
		}
	}
	for _, unit := range brings.units {
		path := "/usr/lib/systemd/system/" + unit
		if _, err := os.Stat(s.path(path)); err == nil {
			continue
		}
		text := "[Unit]\nDescription=stand-in for " + unit + "\n[Service]\nExecStart=" + own + "/sprayc " + hidden + " stand-in " + strings.TrimSuffix(unit, ".service") + "\n[Install]\nWantedBy=multi-user.target\n"
		if code := s.put(path, text, 0o644); code != 0 {
			return code
		}
		if path := realPath("systemctl"); path != "" && s.root == "/" {
			s.real("systemctl", "daemon-reload")
		}
	}
	return 0
}

func (s *standIn) put(path, text string, mode os.FileMode) int {
	path = s.path(path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		fmt.Fprintln(s.stderr, err)
		return 1
	}
	return 0
}

// words splits the arguments into what is not an option; flags with a value take
// it along.
func words(args []string, withValue ...string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--":
			return append(out, args[i+1:]...)
		case strings.HasPrefix(args[i], "-"):
			for _, flag := range withValue {
				if args[i] == flag {
					i++
				}
			}
		default:
			out = append(out, args[i])
		}
	}
	return out
}

func aptGet(s *standIn) int {
	s.seen()
	list := words(s.args, "-o", "-c", "-t")
	if len(list) == 0 {
		return 0
	}
	for _, item := range list[1:] {
		name, version, _ := strings.Cut(item, "=")
		switch list[0] {
		case "install", "reinstall":
			if version == "" && s.debianVersion(name) != "" {
				continue // as apt-get: it is there
			}
			if code := s.installPackage("debian", name, version); code != 0 {
				return code
			}
		case "remove", "purge":
			s.remember("packages", name+" ")
		}
	}
	return 0
}

// debianVersion is the version of an installed package, "" when it is not.
func (s *standIn) debianVersion(name string) string {
	if version, ok := s.table("packages")[name]; ok {
		return version
	}
	out, code, there := s.real("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", "--", name)
	if version, ok := strings.CutPrefix(string(out), "installed "); there && code == 0 && ok {
		return version
	}
	return ""
}

func dpkgQuery(s *standIn) int {
	format, list := "${Package}\\t${Version}\\n", []string{}
	for i := 0; i < len(s.args); i++ {
		switch arg := s.args[i]; {
		case arg == "-f" || arg == "--showformat":
			i++
			if i < len(s.args) {
				format = s.args[i]
			}
		case strings.HasPrefix(arg, "-f="):
			format = strings.TrimPrefix(arg, "-f=")
		case strings.HasPrefix(arg, "--showformat="):
			format = strings.TrimPrefix(arg, "--showformat=")
		case arg == "-W" || arg == "--show" || arg == "--":
		case strings.HasPrefix(arg, "-"):
			return s.pass() // -S, -L and the like: about real files
		default:
			list = append(list, arg)
		}
	}
	held, code := s.table("holds"), 0
	for _, name := range list {
		version := s.debianVersion(name)
		if version == "" {
			fmt.Fprintf(s.stderr, "dpkg-query: no packages found matching %s\n", name)
			code = 1
			continue
		}
		want := "i"
		if held[name] == "yes" {
			want = "h"
		}
		fmt.Fprint(s.stdout, strings.NewReplacer(`\t`, "\t", `\n`, "\n", "${Package}", name, "${binary:Package}", name, "${Version}", version,
			"${db:Status-Abbrev}", want+"i ", "${db:Status-Status}", "installed", "${Status}", "install ok installed", "${Architecture}", runtime.GOARCH).Replace(format))
	}
	return code
}

func dpkg(s *standIn) int {
	list := words(s.args)
	for _, arg := range s.args {
		switch arg {
		case "--print-architecture":
			fmt.Fprintln(s.stdout, runtime.GOARCH)
			return 0
		case "--configure", "-a":
			s.seen()
			return 0
		case "--remove", "-r", "--purge", "-P":
			s.seen()
			for _, name := range list {
				s.remember("packages", name+" ")
			}
			return 0
		case "-i", "--install":
			s.seen()
			return 0
		}
	}
	return s.pass()
}

func aptMark(s *standIn) int {
	s.seen()
	list := words(s.args)
	if len(list) == 0 {
		return 0
	}
	for _, name := range list[1:] {
		switch list[0] {
		case "hold":
			s.remember("holds", name+" yes")
		case "unhold":
			s.remember("holds", name+" ")
		}
	}
	if list[0] == "showhold" {
		for _, name := range sorted(s.table("holds")) {
			if s.table("holds")[name] == "yes" {
				fmt.Fprintln(s.stdout, name)
			}
		}
	}
	return 0
}

func aptCache(s *standIn) int {
	s.seen()
	return 0
}

// nevra is a package as dnf's command line may name it: NAME-VERSION[-RELEASE].
var nevra = regexp.MustCompile(`^(.+?)-((?:\d+:)?\d[^-]*(?:-[^-]+)?)$`)

func dnf(s *standIn) int {
	s.seen()
	list := words(s.args, "-c", "-x", "--repo", "--enablerepo", "--disablerepo")
	if len(list) == 0 {
		return 0
	}
	for _, item := range list[1:] {
		name, version := item, ""
		if parts := nevra.FindStringSubmatch(item); parts != nil {
			name, version = parts[1], parts[2]
		}
		switch list[0] {
		case "install", "reinstall", "downgrade", "upgrade", "update":
			if version == "" && s.rpmVersion(name) != "" {
				continue
			}
			if code := s.installPackage("rhel", name, version); code != 0 {
				return code
			}
		case "remove", "erase":
			s.remember("packages", name+" ")
		}
	}
	return 0
}

// rpmVersion is "EPOCH:VERSION-RELEASE" of an installed package, "" when it is not.
func (s *standIn) rpmVersion(name string) string {
	version, ok := s.table("packages")[name]
	if !ok {
		out, code, there := s.real("rpm", "-q", "--qf", "%{EPOCHNUM}:%{VERSION}-%{RELEASE}", "--", name)
		if there && code == 0 {
			return string(out)
		}
		return ""
	}
	if version == "" {
		return ""
	}
	if !strings.Contains(version, ":") {
		version = "0:" + version
	}
	if !strings.Contains(version, "-") {
		version += "-1"
	}
	return version
}

func rpm(s *standIn) int {
	format, query, list := "%{NAME}-%{VERSION}-%{RELEASE}\\n", false, []string{}
	for i := 0; i < len(s.args); i++ {
		switch arg := s.args[i]; {
		case arg == "--qf" || arg == "--queryformat":
			i++
			if i < len(s.args) {
				format = s.args[i]
			}
		case strings.HasPrefix(arg, "--qf=") || strings.HasPrefix(arg, "--queryformat="):
			_, format, _ = strings.Cut(arg, "=")
		case arg == "-q" || arg == "--query":
			query = true
		case arg == "-e" || arg == "--erase":
			s.seen()
			for _, name := range words(s.args) {
				s.remember("packages", name+" ")
			}
			return 0
		case arg == "--import" || arg == "-K" || arg == "--checksig":
			return quiet(s)
		case arg == "--":
		case strings.HasPrefix(arg, "-"):
			return s.pass()
		default:
			list = append(list, arg)
		}
	}
	if !query {
		return s.pass()
	}
	code := 0
	for _, name := range list {
		whole := s.rpmVersion(name)
		if whole == "" {
			fmt.Fprintf(s.stdout, "package %s is not installed\n", name)
			code++
			continue
		}
		epoch, rest, _ := strings.Cut(whole, ":")
		version, release, _ := strings.Cut(rest, "-")
		fmt.Fprint(s.stdout, strings.NewReplacer(`\t`, "\t", `\n`, "\n", "%{NAME}", name, "%{EPOCHNUM}", epoch, "%{VERSION}", version, "%{RELEASE}", release,
			"%{EVR}", version+"-"+release, "%{ARCH}", "x86_64").Replace(format))
	}
	return code
}
