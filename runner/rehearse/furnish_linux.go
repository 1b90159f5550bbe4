package rehearse

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// furnish writes what makes the root a host of its own. The root is "/" by now,
// so that its symbolic links lead where they should.
func (h *hostConfig) furnish(facts *Facts) error {
	if h.Again {
		return h.refurnish(facts)
	}
	// A machine that sprayc manages is a fresh host here.
	for _, path := range []string{"/var/lib/sprayc", "/var/cache/sprayc", "/etc/sprayc"} {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	hosts := "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
	files := []furniture{
		{"/etc/hostname", h.Name + "\n", 0o644},
		{"/etc/hosts", hosts + h.Address + "\t" + h.Name + "\n", 0o644},
		{"/etc/machine-id", h.MachineID + "\n", 0o444},
		{"/etc/fstab", "# a throwaway host has nothing to mount\n", 0o644},
	}
	for _, file := range append(files, h.access()...) {
		if err := replace(file.path, file.text, file.mode); err != nil {
			return err
		}
	}
	if err := replace("/etc/resolv.conf", "# a throwaway host reaches nothing outside\n", 0o644); err != nil {
		return err
	}
	if err := h.osRelease(facts); err != nil {
		return err
	}
	h.choose(facts)
	if err := h.standIns(facts); err != nil {
		return fmt.Errorf("stand-ins: %w", err)
	}
	if facts.SSHD == "openssh" {
		if err := h.openSSH(); err != nil {
			return fmt.Errorf("sshd: %w", err)
		}
	}
	if facts.Init == "systemd" {
		return h.systemd(facts)
	}
	return nil
}

// furniture is a file of a host.
type furniture struct {
	path, text string
	mode       os.FileMode
}

// access are files of the rehearsal's own, in memory.
func (h *hostConfig) access() []furniture {
	return []furniture{
		{own + "/ssh_host_ed25519_key", h.HostKey, 0o600},
		{own + "/authorized_keys", h.AuthorizedKeys, 0o644},
		{own + "/stand-ins", "", 0o666},
	}
}

// replace writes a file anew, with its folder, where a link or another file was.
func replace(path, text string, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if info, err := os.Lstat(path); err == nil && !info.IsDir() {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// osRelease writes the declared one where the root's is another.
func (h *hostConfig) osRelease(facts *Facts) error {
	if h.OSID == "" {
		return nil
	}
	have := readOSRelease()
	if have["ID"] == h.OSID && (h.OSVersion == "" || have["VERSION_ID"] == h.OSVersion) {
		return nil
	}
	facts.StandIns = append(facts.StandIns, "os-release")
	facts.Notes = append(facts.Notes, fmt.Sprintf("the root is %s %s; it is told to be %s %s", have["ID"], have["VERSION_ID"], h.OSID, h.OSVersion))
	like := map[string]string{"rocky": "rhel centos fedora", "almalinux": "rhel centos fedora", "rhel": "fedora", "centos": "rhel fedora", "fedora": "", "ol": "fedora", "ubuntu": "debian"}[h.OSID]
	text := fmt.Sprintf("ID=%s\nID_LIKE=\"%s\"\nVERSION_ID=\"%s\"\nNAME=\"%s\"\nPRETTY_NAME=\"%s %s (rehearsal)\"\n", h.OSID, like, h.OSVersion, h.OSID, h.OSID, h.OSVersion)
	return replace("/etc/os-release", text, 0o644)
}

func readOSRelease() map[string]string {
	out := map[string]string{}
	data, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return out
	}
	for _, line := range strings.Split(string(data), "\n") {
		if name, value, ok := strings.Cut(line, "="); ok {
			out[name] = strings.Trim(value, `"'`)
		}
	}
	return out
}

// choose settles on an init and an SSH server.
func (h *hostConfig) choose(facts *Facts) {
	facts.Init, facts.SSHD = "stand-in", "stand-in"
	if systemdPath() != "" && h.CGroup != "" && !h.UserNS && h.Init != "stand-in" {
		facts.Init = "systemd"
	}
	if _, err := os.Stat(sshdPath); err == nil && !h.UserNS && h.SSHD != "stand-in" {
		facts.SSHD = "openssh"
	}
	if facts.Init == "stand-in" {
		facts.StandIns = append(facts.StandIns, "init")
	}
	if facts.SSHD == "stand-in" {
		facts.StandIns = append(facts.StandIns, "sshd")
	}
	sort.Strings(facts.StandIns)
}

const sshdPath = "/usr/sbin/sshd"

func systemdPath() string {
	for _, path := range []string{"/usr/lib/systemd/systemd", "/lib/systemd/systemd"} {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// sshdCommand is how the host's SSH server is started.
func (h *hostConfig) sshdCommand(facts Facts) []string {
	if facts.SSHD == "openssh" {
		return []string{sshdPath, "-D", "-e", "-f", own + "/sshd_config"}
	}
	return []string{own + "/sprayc", hidden, "sshd", h.port(), own}
}

// openSSH configures a server of the rehearsal's own and the user that logs in.
func (h *hostConfig) openSSH() error {
	config := "Port " + h.port() + "\nHostKey " + own + "/ssh_host_ed25519_key\nAuthorizedKeysFile " + own + "/authorized_keys\n" +
		"StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n" +
		"PidFile none\nMaxStartups 100\nMaxSessions 100\nUseDNS no\nAcceptEnv LANG LC_*\nSubsystem sftp internal-sftp\nSetEnv PATH=" + hostPath + "\n"
	if err := replace(own+"/sshd_config", config, 0o600); err != nil {
		return err
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		return err
	}
	if err := ensureUser("sshd", 74, "/run/sshd", "/usr/sbin/nologin"); err != nil {
		return err
	}
	if user := h.login(); user != "root" {
		if err := ensureUser(user, 61999, "/home/"+user, "/bin/sh"); err != nil {
			return err
		}
		if err := os.MkdirAll("/home/"+user, 0o755); err != nil {
			return err
		}
		if err := os.Chown("/home/"+user, 61999, 61999); err != nil {
			return err
		}
		return replace("/etc/sudoers.d/sprayc-rehearsal", user+" ALL=(ALL:ALL) NOPASSWD: ALL\n", 0o440)
	}
	return nil
}

func (h *hostConfig) login() string {
	if h.Host.User == "" {
		return "root"
	}
	return h.Host.User
}

// ensureUser adds a user where the root has none of that name.
func ensureUser(name string, id int, home, shell string) error {
	for _, file := range []struct {
		path, line string
		mode       os.FileMode
	}{
		{"/etc/passwd", fmt.Sprintf("%s:x:%d:%d::%s:%s\n", name, id, id, home, shell), 0o644},
		{"/etc/group", fmt.Sprintf("%s:x:%d:\n", name, id), 0o644},
		{"/etc/shadow", fmt.Sprintf("%s:*:19000:0:99999:7:::\n", name), 0o640},
	} {
		data, err := os.ReadFile(file.path)
		if err != nil {
			return err
		}
		if strings.HasPrefix(string(data), name+":") || strings.Contains(string(data), "\n"+name+":") {
			continue
		}
		if len(data) > 0 && data[len(data)-1] != '\n' {
			data = append(data, '\n')
		}
		if err := os.WriteFile(file.path, append(data, file.line...), file.mode); err != nil {
			return err
		}
	}
	return nil
}
