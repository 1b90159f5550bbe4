package modules_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/compiler/ir"
	"github.com/zclconf/go-cty/cty"
)

// flags are the arguments of one of kubeadm's components, as NAME=VALUE, in their order.
func flags(t *testing.T, plan *ir.Plan, component string) []string {
	t.Helper()
	part := documents(t, plan, "cp1", "InitConfiguration")["ClusterConfiguration"].GetAttr(component)
	var all []string
	for it := part.GetAttr("extraArgs").ElementIterator(); it.Next(); {
		_, arg := it.Element()
		all = append(all, arg.GetAttr("name").AsString()+"="+arg.GetAttr("value").AsString())
	}
	return all
}

// fileOf is the content of a file that a step of the module writes; "" if none does.
func fileOf(plan *ir.Plan, name string) string {
	for _, step := range plan.Steps {
		for _, variant := range step.Variants {
			for _, r := range variant.Resources {
				if r.Kind != "file" || r.Name.Text != name {
					continue
				}
				for _, arg := range r.Args {
					switch arg.Name {
					case "content":
						return arg.Value.Text
					case "payload":
						for _, file := range plan.Files {
							if file.Path == arg.Value.Text {
								return string(file.Data)
							}
						}
					}
				}
			}
		}
	}
	return ""
}

func kubernetes(settings string) string {
	return base + "\nkubernetes \"kubernetes\" {\n" + settings + "\n}\n"
}

// Audit is flags, folders that the API server sees, and a policy whose digest is among
// what restarts it.
func TestKubernetesAudit(t *testing.T) {
	plan := must(t, kubernetes(`audit = {
  policy     = { rules = [{ level = "Metadata" }] }
  log_maxage = 7
  webhook    = { server = "https://audit.example.com", mode = "blocking" }
}`))
	want := []string{
		"audit-log-maxage=7", "audit-log-maxbackup=10", "audit-log-maxsize=100", "audit-log-path=/var/log/kubernetes/audit/audit.log",
		"audit-policy-file=/etc/kubernetes/audit/policy.yaml", "audit-webhook-config-file=/etc/kubernetes/audit/webhook.yaml", "audit-webhook-mode=blocking",
		"shutdown-watch-termination-grace-period=10s",
	}
	if diff := cmp.Diff(want, flags(t, plan, "apiServer")); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	policy := fileOf(plan, "/etc/kubernetes/audit/policy.yaml")
	if want := "\"apiVersion\": \"audit.k8s.io/v1\"\n\"kind\": \"Policy\"\n\"rules\":\n- \"level\": \"Metadata\"\n"; policy != want {
		t.Errorf("the policy is\n%s", policy)
	}
	text := "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: None}]\n"
	if got := fileOf(must(t, kubernetes(fmt.Sprintf("audit = { policy = %q }", text))), "/etc/kubernetes/audit/policy.yaml"); got != text {
		t.Errorf("a policy that is text becomes\n%s", got)
	}
}

// A key of encryption, and tokens, are in no part of a plan.
func TestKubernetesSecretsAreLive(t *testing.T) {
	t.Setenv("KEY", "canary-key")
	plan := must(t, kubernetes(`encryption        = {}
encryption_key    = secret("env:KEY")
static_token_auth = true
static_tokens     = secret("env:KEY")`))
	want := []string{
		"encryption-provider-config=/etc/kubernetes/encryption/config.yaml", "encryption-provider-config-automatic-reload=true", "shutdown-watch-termination-grace-period=10s", "token-auth-file=/etc/kubernetes/authentication/tokens.csv",
	}
	if diff := cmp.Diff(want, flags(t, plan, "apiServer")); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	if text := fmt.Sprintf("%+v %+v", plan.Steps, plan.Hosts); strings.Contains(text, "canary") {
		t.Error("the plan has the secret")
	}
}

// The profile's settings are under what the definition says itself.
func TestKubernetesHardening(t *testing.T) {
	plan := must(t, kubernetes(`hardening  = "cis"
encryption = { provider = "aesgcm" }
api_server = { extra_args = { "profiling" = "true" } }
kubelet    = { podPidsLimit = 99 }`))
	ciphers := "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"
	want := []string{
		"admission-control-config-file=/etc/kubernetes/admission/admission.yaml",
		"audit-log-maxage=30", "audit-log-maxbackup=10", "audit-log-maxsize=100", "audit-log-path=/var/log/kubernetes/audit/audit.log", "audit-policy-file=/etc/kubernetes/audit/policy.yaml",
		"authentication-config=/etc/kubernetes/authentication/authentication.yaml",
		"enable-admission-plugins=NodeRestriction,EventRateLimit,DenyServiceExternalIPs",
		"encryption-provider-config=/etc/kubernetes/encryption/config.yaml", "encryption-provider-config-automatic-reload=true",
		"profiling=true", "service-account-lookup=true", "shutdown-watch-termination-grace-period=10s", "tls-cipher-suites=" + ciphers, "tls-min-version=VersionTLS12",
	}
	if diff := cmp.Diff(want, flags(t, plan, "apiServer")); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
	kubelet := documents(t, plan, "worker1", "systemReserved")["KubeletConfiguration"]
	if !kubelet.GetAttr("podPidsLimit").RawEquals(cty.NumberIntVal(99)) || !kubelet.GetAttr("protectKernelDefaults").True() {
		t.Errorf("a kubelet has %#v", kubelet)
	}
}

// Every control is checked in a way that the scripts know, or has a reason; and is there
// once.
func TestKubernetesControls(t *testing.T) {
	plan := must(t, kubernetes("hardening = \"cis\"\nhardening_except = { \"4.2.9\" = \"our own reason\" }"))
	text := fileOf(plan, "/etc/kubernetes/controls.txt")
	known := regexp.MustCompile(`^[0-9]+(\.[0-9]+)*(-[0-9]+)?\|[^|]+\|(args [a-z-]+ --[a-z-]+=.+|has [a-z-]+ --[a-z-]+ \w+|none [a-z-]+ --[a-z-]+( \w+)?|mode (600|700|755) /.+|configz .+|verify kubernetes/[a-z-]+|reason .+)$`)
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		id, _, _ := strings.Cut(line, "|")
		if !known.MatchString(line) || seen[id] {
			t.Errorf("the control %q", line)
		}
		seen[id] = true
	}
	if !strings.Contains(text, "4.2.9|events are not dropped|reason our own reason\n") || len(seen) < 60 {
		t.Errorf("%d controls:\n%s", len(seen), text)
	}
}

// The host is asked for controls that are about it: those of control planes on these alone,
// whatever files a worker has.
func TestKubernetesControlsByRole(t *testing.T) {
	plan := must(t, kubernetes(`hardening = "cis"`))
	for host, want := range map[string][]string{"cp1": {"1", "2", "3", "4"}, "worker1": {"4"}} {
		var sections []string
		for _, v := range variant(t, plan, host, "kubernetes/hardening-node").Verifies {
			for _, e := range v.Env {
				if e.Name != "CONTROLS" {
					continue
				}
				for line := range strings.Lines(e.Value.Text) {
					section, _, _ := strings.Cut(line, ".")
					sections = append(sections, section)
				}
			}
		}
		if got := slices.Compact(sections); !slices.Equal(got, want) {
			t.Errorf("%s is asked for controls of the sections %v, not %v", host, got, want)
		}
	}
}

// An issuer by the flags' names is one of AuthenticationConfiguration, which excludes the
// flags, with their meaning; those of authentication come after it.
func TestKubernetesOIDC(t *testing.T) {
	plan := must(t, kubernetes(`oidc = { issuer_url = "https://a.example.com", client_id = "k8s", groups_claim = "groups", required_claims = { hd = "example.com" } }
authentication = { jwt = [{ issuer = { url = "https://b.example.com", audiences = ["x"] }, claimMappings = { username = { claim = "sub", prefix = "" } } }] }`))
	want := `"apiVersion": "apiserver.config.k8s.io/v1"
"jwt":
- "claimMappings":
    "groups":
      "claim": "groups"
      "prefix": ""
    "username":
      "claim": "sub"
      "prefix": "https://a.example.com#"
  "claimValidationRules":
  - "claim": "hd"
    "requiredValue": "example.com"
  "issuer":
    "audiences":
    - "k8s"
    "url": "https://a.example.com"
- "claimMappings":
    "username":
      "claim": "sub"
      "prefix": ""
  "issuer":
    "audiences":
    - "x"
    "url": "https://b.example.com"
"kind": "AuthenticationConfiguration"
`
	if diff := cmp.Diff(want, fileOf(plan, "/etc/kubernetes/authentication/authentication.yaml")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"authentication-config=/etc/kubernetes/authentication/authentication.yaml", "shutdown-watch-termination-grace-period=10s"}, flags(t, plan, "apiServer")); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
}

// What cannot be is refused where the definition says it.
func TestKubernetesSecurityRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		`api_server = { extra_args = { "basic-auth-file" = "/x" } }`:                            "Kubernetes has no --basic-auth-file since 1.19",
		`api_server = { extra_args = { "insecure-port" = "8080" } }`:                            "Kubernetes has no --insecure-port since 1.24",
		`api_server = { extra_args = { "event-tll" = "1h" } }`:                                  "has no flag --event-tll",
		`controller_manager = { extra_args = { "pod-eviction-timeout" = "5m" } }`:               "Kubernetes has no --pod-eviction-timeout since 1.27",
		`scheduler = { extra_args = { "policy-config-file" = "/x" } }`:                          "Kubernetes has no --policy-config-file since 1.23",
		`kubelet = { maxPod = 9 }`:                                                              "KubeletConfiguration of Kubernetes 1.34 to 1.36 has no maxPod",
		`kube_proxy = { bindAdress = "x" }`:                                                     "KubeProxyConfiguration of Kubernetes 1.34 to 1.36 has no bindAdress",
		"}\nhost \"cp1\" {\nkubelet = { maxPodz = 9 }":                                          "KubeletConfiguration of Kubernetes 1.34 to 1.36 has no maxPodz",
		`kubelet = { networkPlugin = "cni" }`:                                                   "Kubernetes has no networkPlugin since 1.24, with dockershim",
		`admission = { enable = ["PodSecurityPolicy"] }`:                                        "Kubernetes has no PodSecurityPolicy since 1.25",
		`admission = { disable = ["PodSecurty"] }`:                                              "admission names PodSecurty, and Kubernetes has no such plugin",
		`kube_proxy_mode = "userspace"`:                                                         "Kubernetes has no mode userspace since 1.26",
		`basic_auth = true`:                                                                     `no attribute "basic_auth"`,
		"audit = {}\napi_server = { extra_args = { \"audit-log-path\" = \"/x\" } }":             "extra_args of api_server has audit-log-path",
		`audit = { policy = { rules = [{ level = "All" }] } }`:                                  "each rule of audit's policy has a level",
		`encryption = { provider = "kms" }`:                                                     "encryption needs kms = { name, endpoint }",
		`authorization = { authorizers = [{ type = "RBAC", name = "r" }] }`:                     "among them the types Node and RBAC",
		`token_webhook = { webhook = "who" }`:                                                   "token_webhook names who, which is not among webhooks",
		`patches = [{ target = "kubelet", patch = { spec = {} } }]`:                             "the target of a patch is etcd",
		`patches = [{ target = "etcd", patch = { image = "x" } }]`:                              "a patch of a manifest is an object with metadata or spec",
		`hardening = "stig"`:                                                                    "hardening is cis, or nothing",
		"hardening = \"cis\"\nhardening_except = { \"9.9\" = \"why\" }":                         "hardening_except has 9.9",
		"hardening = \"cis\"\nstatic_token_auth = true\nstatic_tokens = secret(\"env:TOKENS\")": "static_token_auth and hardening exclude each other",
	} {
		_, diags := compile(t, kubernetes(settings))
		if !strings.Contains(labels(diags), want) {
			t.Errorf("%s: got\n%s", settings, labels(diags))
		}
	}
}
