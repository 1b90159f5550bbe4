package diff

import (
	"regexp"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// guard says what a setting within a text means for security. Audit tells which
// files and resources are; what changes inside of them is told here.
type guard struct {
	setting *regexp.Regexp
	why     string
}

func guards() []guard {
	list := []struct{ setting, why string }{
		{`anonymous(-auth|\.enabled)?`, "who may ask without saying who they are"},
		{`authorization(-mode|-config|\.mode)|(Cluster)?Role(Binding)? .*`, "what is allowed to whom"},
		{`authentication(-config|-token-webhook.*|\.webhook\.enabled)|oidc-.*|token-auth-file|basic-auth-file`, "who is believed to be whom"},
		{`(enable|disable)-admission-plugins|admission-control-config-file|.*PodSecurity.*`, "what is admitted into the cluster"},
		{`readOnlyPort|read-only-port|insecure-(port|bind-address)|bind-address|listen(-client-urls|-metrics-urls)?`, "who may reach it without a login"},
		{`tls(MinVersion|CipherSuites|-min-version|-cipher-suites)|cipher-suites|min_version`, "which ciphers are accepted"},
		{`.*(insecure|skip_?-?verify).*|.*verify(_|-)?(peer|certs?|tls|ssl).*`, "whether the other side is checked"},
		{`encryption-provider-config`, "whether secrets lie open in etcd"},
		{`audit-(log|policy|webhook)-.*|auditPolicy.*`, "what is recorded"},
		{`.*(seccomp|selinux|apparmor|protectKernelDefaults|protect-kernel-defaults).*`, "a guard of the host and its pods"},
		{`privileged|allowPrivilegeEscalation|host(Network|PID|IPC|Path)|capabilities(\..*)?|runAs(User|NonRoot)|readOnlyRootFilesystem`, "what a container may do to the host"},
		{`Service\.(NoNewPrivileges|Protect[A-Z].*|Private[A-Z].*|Restrict[A-Z].*|User|Group|DynamicUser|CapabilityBoundingSet|AmbientCapabilities|SystemCallFilter)`, "what a service may do to the host"},
		{`(client|trusted|requestheader-client|etcd|peer-trusted)-?_?ca(-?_?file)?|clientCAFile|ca_file|kubelet-certificate-authority`, "which authorities are trusted"},
		{`(rotateCertificates|serverTLSBootstrap|rotate-server-certificates)`, "whether certificates are renewed"},
		{`profiling|enableDebuggingHandlers|debug`, "what it tells of its inside"},
	}
	var all []guard
	for _, g := range list {
		all = append(all, guard{regexp.MustCompile(`(?i)^(.*[.\[ ])?(--)?(` + g.setting + `)\]?$`), g.why})
	}
	return all
}

// settingNotices notes settings in texts that are guards.
func (c *comparison) settingNotices(r *Report) {
	all := guards()
	for _, ch := range c.ordered {
		if isAside(ch.kind) || ch.kind == hostCall || ch.kind == orderCall {
			continue
		}
		for _, s := range ch.settings {
			if s.path == "" {
				continue
			}
			for _, g := range all {
				if g.setting.MatchString(s.path) {
					what := ch.kind + " " + visible(ch.name) + ": " + strings.TrimSpace(visible(s.path)+" "+s.common(ch.hosts))
					r.Security = append(r.Security, Notice{What: verb(s.op) + " " + what, Why: g.why, Set: bundle.HostSet(uniqueHosts(s.hosts()))})
					break
				}
			}
		}
	}
}

// hosts are those on which a setting differs.
func (s *setting) hosts() []string {
	var all []string
	for _, v := range s.values {
		all = append(all, v.hosts...)
	}
	return all
}
