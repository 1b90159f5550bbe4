package audit

import (
	"regexp"
	"slices"
	"strings"
)

// notes say what an effect means for the host's security, each thing by itself.
func notes(e *Effect) []string {
	var all []string
	if strings.HasPrefix(e.Subject, "/") {
		all = append(all, match(pathRules, e.Subject), openMode(e), othersProgram(e))
	}
	if why, ok := categoryRules[e.Category]; ok {
		all = append(all, match(why, e.Subject))
	}
	all = append(all, account(e), unsafeFetch(e))
	return slices.DeleteFunc(all, func(why string) bool { return why == "" })
}

// rule says what it means for security when a subject matches a pattern.
type rule struct {
	pattern *regexp.Regexp
	why     string
}

func rules(pairs ...string) []rule {
	var list []rule
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, rule{regexp.MustCompile(`^(?:` + pairs[i] + `)$`), pairs[i+1]})
	}
	return list
}

func match(list []rule, subject string) string {
	for _, rule := range list {
		if rule.pattern.MatchString(subject) {
			return rule.why
		}
	}
	return ""
}

// pathRules are about files and folders, however they are changed. A subject may
// end in a pattern, /etc/ssh/*.
var pathRules = rules(
	`/etc/sudoers|/etc/sudoers\.d(/.*)?|/etc/doas\.conf`, "who may become root",
	`/etc/polkit-1(/.*)?`, "who may become root",
	`/etc/ssh(/.*)?`, "how one logs in over SSH",
	`(.*/)?\.ssh(/.*)?`, "who may log in over SSH",
	`/etc/pam\.(d|conf)(/.*)?|/etc/security(/.*)?|/etc/login\.defs|/etc/nsswitch\.conf`, "how logins are checked",
	`/etc/(passwd|shadow|group|gshadow|subuid|subgid)-?`, "accounts of the host",
	`/etc/selinux(/.*)?|/etc/apparmor(\.d)?(/.*)?|/sys/fs/selinux(/.*)?`, "mandatory access control",
	`/etc/nftables(\.conf|/.*|\.d(/.*)?)?|/etc/iptables(/.*)?|/etc/sysconfig/(iptables|ip6tables|nftables).*|/etc/firewalld(/.*)?|/etc/ufw(/.*)?`, "the firewall",
	`/etc/apt/(trusted\.gpg.*|keyrings(/.*)?)|/usr/share/keyrings(/.*)?|/etc/pki/rpm-gpg(/.*)?`, "keys that packages are trusted by",
	`/etc/apt/(sources\.list.*|apt\.conf.*|preferences.*|auth\.conf.*)|/etc/yum\.repos\.d(/.*)?|/etc/(yum|dnf)(/.*|\.conf)?`, "where packages come from",
	`/etc/pki/(ca-trust|tls)(/.*)?|/usr/(local/)?share/ca-certificates(/.*)?|/etc/ssl(/.*)?|/etc/ca-certificates.*|/etc/crypto-policies(/.*)?`, "authorities and ciphers that the host trusts",
	`/etc/ld\.so\..*`, "code that every program loads",
	`/etc/cron.*|/var/spool/cron(/.*)?|/etc/anacrontab`, "run at set times as others or root",
	`/etc/(profile.*|environment|bash.*|zsh.*|shells)|/root/\.[^/]*(rc|profile|login|logout)`, "run or read at every login",
	`/etc/default/grub.*|/etc/grub.*|/boot(/.*)?|/etc/kernel(/.*)?`, "how the kernel is started",
	`/etc/modprobe\.d(/.*)?`, "which modules the kernel loads, and how",
	`/etc/audit(/.*)?|/etc/rsyslog.*|/etc/systemd/journald\.conf.*`, "what the host records",
	`/etc/kubernetes/pki(/.*)?|/etc/etcd/pki(/.*)?|/var/lib/kubelet/pki(/.*)?`, "keys and certificates of the cluster",
	`/proc/sys/.*|/sys/.*`, "the running kernel, past sysctl",
	`/dev/[^/]+`, "a device itself",
)

// categoryRules are about things that are not files.
var categoryRules = map[string][]rule{
	"kernel parameter": rules(
		`kernel[./](kptr_restrict|dmesg_restrict|perf_event_paranoid|yama[./].*|randomize_va_space|unprivileged_.*|modules_disabled|kexec_load_disabled|sysrq|core_pattern|core_uses_pid|modprobe|hotplug|lockdown|io_uring_disabled)`, "hardening of the kernel",
		`fs[./](protected_.*|suid_dumpable)`, "hardening of the kernel",
		`vm[./](mmap_min_addr|unprivileged_userfaultfd)|net[./]core[./]bpf_jit_.*|crypto[./].*`, "hardening of the kernel",
		`user[./]max_.*_namespaces`, "who may make namespaces",
		`net[./]ipv[46][./](ip_forward|conf[./].*[./](mc_)?forwarding)`, "the host routes packets of others",
		`net[./]ipv4[./]conf[./].*[./](rp_filter|accept_source_route|accept_redirects|secure_redirects|send_redirects|log_martians|route_localnet|proxy_arp)`, "which packets the host believes",
		`net[./]ipv6[./]conf[./].*[./](accept_ra.*|accept_redirects|accept_source_route|disable_ipv6)`, "which packets the host believes",
		`net[./]ipv4[./](tcp_syncookies|icmp_.*|tcp_rfc1337|ip_unprivileged_port_start|ping_group_range)`, "what of the network is open to others",
		`net[./]bridge[./]bridge-nf-call-.*`, "whether the firewall sees bridged packets",
	),
	"package": rules(
		`selinux.*|container-selinux|policycoreutils.*|apparmor.*`, "mandatory access control",
		`firewalld|ufw|nftables|iptables-services|iptables-persistent|fail2ban`, "the firewall",
		`sudo|doas|opendoas|polkit.*|policykit.*`, "who may become root",
		`openssh-server|openssh|dropbear.*|telnetd|rsh-server`, "how one logs in from outside",
		`libpam-.*|pam.*|sssd.*|authselect.*`, "how logins are checked",
		`auditd|audit|rsyslog|aide`, "what the host records",
	),
	"service": rules(
		`(firewalld|ufw|nftables|iptables|ip6tables|fail2ban)(\.service)?`, "the firewall",
		`(apparmor|selinux-.*)(\.service)?`, "mandatory access control",
		`(sshd?|sshd?\.socket|dropbear)(\.service|\.socket)?`, "how one logs in from outside",
		`(auditd|rsyslog|systemd-journald)(\.service|\.socket)?`, "what the host records",
		`(unattended-upgrades|dnf-automatic|apt-daily.*)(\.service|\.timer)?`, "whether the host updates itself",
	),
	"port":    rules(`(127\.|\[::1\]|localhost|loopback).*`, "", `.*`, "reachable over the network"),
	"setting": rules(`(?i).*(selinux|apparmor|firewall|audit|seccomp|lockdown|capabilit).*`, "a guard of the host"),
}

// openMode is of a file or folder that gives more than is usual.
func openMode(e *Effect) string {
	f := e.Field("mode")
	if f == nil || len(f.Value) != 4 || strings.Trim(f.Value, "01234567") != "" {
		return ""
	}
	special, others := f.Value[0]-'0', f.Value[3]-'0'
	switch {
	case special&4 != 0:
		return "setuid: whoever runs it does so as its owner"
	case special&2 != 0 && e.Category == "file":
		return "setgid: whoever runs it does so as its group"
	case others&2 != 0 && special&1 == 0:
		return "everybody may write to it"
	}
	return ""
}

// programs are folders from which root runs what is there.
var programs = rules(`(/usr(/local)?)?/(bin|sbin|lib|lib64|libexec)/.*|/etc/systemd/.*|/opt/cni/.*`, "root runs it, and it belongs to another")

// othersProgram is of a file that root runs, and that another may change.
func othersProgram(e *Effect) string {
	if f := e.Field("owner"); f != nil && f.Value != "root" && f.Value != "0" {
		return match(programs, e.Subject)
	}
	return ""
}

// privileged are groups whose members are root in all but name.
var privileged = regexp.MustCompile(`\b(root|sudo|wheel|admin|docker|disk|shadow|lxd|libvirt|kmem)\b`)

// account is of a user or group.
func account(e *Effect) string {
	switch e.Category {
	case "user":
		groups, shell, uid := e.value("groups")+" "+e.value("group"), e.value("shell"), e.value("uid")
		switch {
		case uid == "0" && e.Subject != "root":
			return "another root"
		case privileged.MatchString(groups):
			return "an account that can become root by its groups"
		case e.Action == "removed":
			return "an account of the host"
		case !strings.HasSuffix(shell, "/nologin") && !strings.HasSuffix(shell, "/false"):
			return "an account that has a login shell"
		}
	case "group":
		if privileged.MatchString(e.Subject) {
			return "its members can become root"
		}
	}
	return ""
}

// unsafeFetch is of a download that something is missing from.
func unsafeFetch(e *Effect) string {
	switch {
	case e.Category != "fetch":
		return ""
	case e.value("sha256") == "":
		return "nothing checks what is downloaded"
	}
	return ""
}

// value is the value of a field, or "".
func (e *Effect) value(name string) string {
	if f := e.Field(name); f != nil {
		return f.Value
	}
	return ""
}
