package acts

import (
	"slices"
	"strings"
)

// programs are the handlers of what is no utility of every host.
func programs() map[string]func(*command) {
	return map[string]func(*command){
		"systemctl": (*command).systemctl, "curl": (*command).curl, "wget": (*command).wget,
		"modprobe": (*command).modprobe, "insmod": (*command).modprobe, "rmmod": (*command).rmmod, "sysctl": (*command).sysctl,
		"mount": (*command).mount, "umount": func(c *command) { c.emit("unmounts", all(c.operands())) },
		"openssl": (*command).openssl, "kubectl": (*command).kubectl, "kubeadm": (*command).kubeadm, "etcdctl": (*command).etcdctl,
		"ctr": (*command).runtime, "crictl": (*command).runtime, "chronyc": (*command).chronyc, "hostname": (*command).hostname,
		"api_answers": (*command).asksAPI, "needs_api": (*command).asksAPI, "objects_same": (*command).asksAPI, // of the shell library
		"ping":        func(c *command) { c.emit("connects", all(c.operands("-c", "-W", "-w", "-i"))) },
		"timedatectl": (*command).control, "hostnamectl": (*command).control, "localectl": (*command).control,
		"ip": (*command).ip, "nft": (*command).nft, "iptables": (*command).iptables, "ip6tables": (*command).iptables,
		"useradd": (*command).account, "usermod": (*command).account, "userdel": (*command).account,
		"groupadd": (*command).account, "groupmod": (*command).account, "groupdel": (*command).account,
		"reboot": (*command).reboot, "shutdown": (*command).reboot, "poweroff": (*command).reboot, "halt": (*command).reboot,
		"dpkg-query": func(*command) {}, "apt-cache": func(*command) {}, "journalctl": (*command).journalctl, "rpm": (*command).rpm,
	}
}

// units are the words of systemctl that only ask.
var unitReads = set("is-active is-enabled is-failed is-system-running show status cat list-units list-unit-files list-dependencies list-timers list-sockets get-default --version")

var unitVerbs = map[string]Verb{
	"start": "starts", "stop": "stops", "restart": "restarts", "try-restart": "restarts", "condrestart": "restarts",
	"reload": "reloads", "reload-or-restart": "restarts", "try-reload-or-restart": "restarts",
	"enable": "enables", "reenable": "enables", "preset": "enables", "disable": "disables", "mask": "masks",
}

func (c *command) systemctl() {
	operands := c.operands(optionsOf["systemctl"].withValue()...)
	if len(operands) == 0 {
		c.opaque()
		return
	}
	sub, units := operands[0].text(), all(operands[1:])
	switch verb := unitVerbs[sub]; {
	case unitReads[sub] || sub == "reset-failed":
	case sub == "daemon-reload" || sub == "daemon-reexec":
		c.says("reloads", "systemd")
	case sub == "reboot" || sub == "poweroff" || sub == "kexec" || sub == "halt":
		c.says("reboots", "the host")
	case verb != "" && len(units) > 0:
		c.emit(verb, units)
		if c.has("--now") {
			c.emit(map[Verb]Verb{"enables": "starts", "disables": "stops", "masks": "stops"}[verb], units)
		}
	default:
		c.opaque()
	}
}

// curlValued are curl's long options that take a value.
var curlValued = strings.Fields(`--max-time --connect-timeout --cacert --capath --cert --cert-type --key --key-type --pass --output --write-out --noproxy
	--connect-to --resolve --header --request --data --data-binary --data-raw --data-urlencode --json --form --upload-file --retry --retry-delay --retry-max-time
	--user --user-agent --proxy --proxy-user --unix-socket --max-filesize --range --tls-max --ciphers --continue-at --limit-rate --interface --proto --max-redirs
	--speed-limit --speed-time --pinnedpubkey --referer --oauth2-bearer`)

func (c *command) curl() {
	c.plain = nil
	var urls values
	operands := c.operands(optionsOf["curl"].withValue()...)
	if len(operands) > 0 && len(all(operands)) == 1 && all(operands)[0] == "" {
		return // a URL that is known to be empty
	}
	for _, value := range all(operands) {
		if strings.Contains(value, "://") || value == unknown || strings.HasPrefix(value, begin) {
			urls.add(values{value})
		}
	}
	if len(urls) > 0 && c.has("-d", "--data", "--data-binary", "--data-raw", "--data-urlencode", "--json", "-F", "--form", "-T", "--upload-file") {
		for i := range urls {
			urls[i] += ", with data"
		}
	}
	for _, format := range c.option("-w", "--write-out") {
		if strings.HasPrefix(format, "@") || strings.Contains(format, "%output{") {
			c.opaque()
		}
	}
	c.download(urls, c.option("-o", "--output"), c.has("-O", "--remote-name"))
}

func (c *command) wget() {
	c.plain = nil
	urls := all(c.operands(optionsOf["wget"].withValue()...))
	to := c.option("-O", "--output-document")
	c.download(urls, to, len(to) == 0)
}

// download is a connection, or more when what comes is kept.
func (c *command) download(urls, to values, named bool) {
	if len(urls) == 0 {
		urls = values{unknown}
	}
	kept := named
	for _, file := range to {
		if file != "/dev/null" && file != "-" {
			kept = true
			c.emit("writes", values{file})
		}
	}
	if named {
		c.opaque() // into the folder in which it happens to run
	}
	verb := Verb("connects")
	if kept {
		verb = "downloads"
	}
	c.emit(verb, urls)
	for i := len(c.script.acts) - 1; i >= 0 && c.script.acts[i].Verb == verb; i-- {
		c.script.acts[i].Known = addressed(c.script.acts[i].Subject)
	}
}

// addressed reports whether a URL says whom it is for.
func addressed(url string) bool {
	_, host, ok := strings.Cut(url, "://")
	if !ok {
		host = url
	}
	return host != "" && host[0] != '*' && !strings.HasPrefix(host, unknown)
}

func (c *command) modprobe() {
	switch {
	case c.has("-n", "--dry-run", "-D", "--show-depends", "-c"):
	case c.has("-r", "--remove"):
		c.emit("unloads", all(c.operands()))
	default:
		switch operands := c.operands("-C", "-d"); {
		case c.has("-a", "--all"):
			c.emit("loads", all(operands))
		case len(operands) > 0:
			c.emit("loads", all(operands[:1]))
		}
	}
}

func (c *command) rmmod() { c.emit("unloads", all(c.operands())) }

func (c *command) sysctl() {
	if c.has("--system", "-p", "-f", "--load") {
		c.says("sets", "kernel parameters, from the host's files")
		return
	}
	for _, value := range all(c.operands()) {
		if strings.Contains(value, "=") || value == unknown {
			c.emit("sets", values{"kernel parameter " + value})
		}
	}
}

func (c *command) mount() {
	operands := c.operands("-t", "-o", "-L", "-U")
	switch {
	case len(operands) == 0 && !c.has("-a"):
	case len(operands) == 0:
		c.says("mounts", "all of /etc/fstab")
	default:
		c.emit("mounts", all(operands[len(operands)-1:]))
	}
}

// opensslReads are what writes nothing but what an option names.
var opensslReads = set("x509 req pkey pkcs8 pkcs12 genpkey genrsa rsa ec ecparam rand verify dgst base64 enc asn1parse crl sha256 version")

func (c *command) openssl() {
	c.emit("writes", c.option("-out", "-keyout", "-CAserial", "-writerand"))
	if c.has("-CAcreateserial") && len(c.option("-CAserial")) == 0 || c.has("-newkey") && len(c.option("-keyout")) == 0 {
		c.opaque() // into a file whose name is made up
	}
	if sub := c.plainAt(0); sub == "s_client" || sub == "ocsp" {
		c.emit("connects", c.option("-connect", "-url"))
	} else if !opensslReads[sub] {
		c.opaque()
	}
}

func (c *command) plainAt(i int) string {
	if i < len(c.plain) {
		return c.plain[i]
	}
	return ""
}

func (c *command) chronyc() {
	if !slices.Contains([]string{"tracking", "sources", "sourcestats", "waitsync", "ntpdata", "activity", "serverstats", "authdata"}, c.plainAt(0)) {
		c.says("sets", "the clock, by chronyd")
	}
}

// control is systemd's programs that ask, or set something.
func (c *command) control() {
	if sub := c.plainAt(0); strings.HasPrefix(sub, "set-") || sub == "hostname" && len(c.operands()) > 1 {
		c.says("sets", strings.ReplaceAll(strings.TrimPrefix(sub, "set-"), "-", " ")+" of the host: "+c.name)
	} else if sub != "" && sub != "status" && sub != "show" && !strings.HasPrefix(sub, "list-") && sub != "hostname" {
		c.opaque()
	}
}

func (c *command) hostname() {
	if operands := c.operands(); len(operands) > 0 || c.has("-F", "-b") {
		c.says("sets", "the host's name")
	}
}

func (c *command) ip() {
	for _, word := range c.plain {
		if slices.Contains([]string{"add", "del", "delete", "set", "replace", "flush", "change", "append", "exec"}, word) {
			c.says("sets", "network: ip "+strings.Join(c.plain, " "))
			return
		}
	}
	if slices.ContainsFunc(c.args, func(a argument) bool {
		return a.text() == "" || len(a.text()) > 1 && strings.HasPrefix("-batch", a.text())
	}) {
		c.opaque() // the word that says what may be one of these
	}
}

func (c *command) nft() {
	if c.plainAt(0) != "list" && !c.has("-c", "--check", "-v") {
		c.says("sets", "the firewall: nft "+strings.Join(c.plain, " "))
	}
}

func (c *command) iptables() {
	if !c.has("-L", "--list", "-S", "--list-rules", "-C", "--check", "-V") {
		c.says("sets", "the firewall: "+c.name+" "+strings.Join(c.plain, " "))
	}
}

func (c *command) account() {
	if operands := c.operands(); len(operands) > 0 {
		c.emit("account", all(operands[len(operands)-1:]))
	}
}

func (c *command) reboot() { c.says("reboots", "the host") }

func (c *command) journalctl() {
	if c.has("--vacuum-size", "--vacuum-time", "--vacuum-files", "--rotate", "--flush") {
		c.opaque()
	}
}

func (c *command) rpm() {
	if !c.has("-q", "--query", "-V", "--verify", "-E", "--eval") {
		c.opaque()
	}
}
