//go:build e2e

package clusters

import (
	"crypto/rand"
	"crypto/x509/pkix"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// callers is what of the definition is about who asks the API server and what it takes:
// each by the server at the address SITE.
const callers = `
  static_token_auth = STATIC
  static_tokens     = secret("file:pki/tokens.csv")
  webhooks = {
    who    = { server = "SITE/authenticate", ca = file("pki/site.crt"), client_files = { certificate = "/etc/site/api-server.crt", key = "/etc/site/api-server.key" } }
    may    = { server = "SITE/authorize", ca = file("pki/site.crt") }
    images = { server = "SITE/images", ca = file("pki/site.crt") }
  }
  token_webhook = { webhook = "who", cache_ttl = "1s" }
  authorization = { authorizers = [
    { type = "Node", name = "node" },
    { type = "Webhook", name = "may", webhook = {
      timeout = "3s", subjectAccessReviewVersion = "v1", matchConditionSubjectAccessReviewVersion = "v1", failurePolicy = "NoOpinion", authorizedTTL = "1s", unauthorizedTTL = "1s"
      connectionInfo  = { type = "KubeConfigFile", kubeConfigFile = "/etc/kubernetes/webhooks/may.yaml" }
      matchConditions = [{ expression = "request.user.startsWith('hook:')" }]
    } },
    { type = "RBAC", name = "rbac" },
  ] }
  oidc = {
    issuer_url      = "SITE/issuers/a", client_id = "real", ca = file("pki/site.crt")
    username_claim  = "login", username_prefix = "PREFIX", groups_claim = "teams", groups_prefix = "a:"
    required_claims = { tenant = "real" }
  }
  authentication = {
    anonymous = { enabled = true, conditions = [{ path = "/livez" }, { path = "/readyz" }, { path = "/healthz" }] }
    jwt = [{
      issuer               = { url = "SITE/issuers/b", audiences = ["x", "real"], audienceMatchPolicy = "MatchAny", certificateAuthority = file("pki/site.crt") }
      claimMappings        = { username = { expression = "'b:' + claims.sub" }, groups = { expression = "claims.roles" }, uid = { expression = "claims.sub" } }
      claimValidationRules = [{ expression = "claims.exp - claims.iat <= 3600", message = "it is good for more than an hour" }]
      userValidationRules  = [{ expression = "user.username != 'b:root'", message = "nobody is root" }]
    }]
  }
  admission = {
    enable  = ["NamespaceAutoProvision", "ImagePolicyWebhook"]
    disable = ["DefaultTolerationSeconds"]
    plugins = { ImagePolicyWebhook = { imagePolicy = { kubeConfigFile = "/etc/kubernetes/webhooks/images.yaml", allowTTL = 1, denyTTL = 1, retryBackoff = 500, defaultAllow = false } } }
  }
  patches = [
    { target = "kube-apiserver", patch = { spec = { containers = [{ name = "kube-apiserver", env = [{ name = "PATCHED", value = "strategic" }] }] } } },
    { target = "kube-controller-manager", type = "merge", patch = { metadata = { annotations = { "example.com/patched" = "merge" } } } },
    { target = "kube-scheduler", type = "json", patch = [{ op = "add", path = "/spec/containers/0/command/-", value = "--v=1" }] },
  ]`

// Who asks the API server: static tokens, a webhook that knows tokens, two issuers of
// OpenID Connect; what they may do, by a webhook before RBAC; what it takes, by admission
// plugins; and patches of what runs. Each is asked of the API server itself.
func TestCallers(t *testing.T) {
	w := newWorld(t, 1, 0, "nftables", "\nhost \"cp1\" { roles = [\"control_plane\", \"etcd\", \"worker\"] }\n")
	o := &office{t: t, folder: filepath.Join(w.folder, "pki")}
	site := o.sign("site", nil, pkix.Name{CommonName: "the site's CA"})
	issuer := w.site(o, site)
	define := func(static, prefix string) {
		w.define(strings.NewReplacer("SITE", siteURL, "STATIC", static, "PREFIX", prefix).Replace(callers))
	}
	tokens := []string{rand.Text(), rand.Text(), rand.Text()}
	o.write("tokens.csv", []byte(tokens[0]+",paul,7,\"operators,readers\"\n"+tokens[1]+",vera,8\n"))
	define("true", "a:")
	said := w.on(0, "run")
	w.works("cp1")
	w.sh("cp1", `kubectl create clusterrolebinding readers --clusterrole view --group readers && kubectl create clusterrolebinding ann --clusterrole cluster-admin --user hook:ann`)

	t.Run("who they are", func(t *testing.T) {
		w.t = t
		w.whoTheyAre(o, issuer, site, tokens)
	})
	t.Run("what they may do", func(t *testing.T) {
		w.t = t
		w.whatTheyMayDo(tokens)
	})
	t.Run("what is taken", func(t *testing.T) {
		w.t = t
		w.whatIsTaken()
	})
	t.Run("patches", func(t *testing.T) {
		w.t = t
		w.patched()
	})

	w.t = t
	w.sh("cp1", "kubectl -n kube-system rollout status deployment coredns --timeout=180s") // it starts while the run ends
	w.again()

	t.Run("another token", func(t *testing.T) {
		w.t = t
		o.write("tokens.csv", []byte(tokens[2]+",paul,7,\"operators,readers\"\n"))
		before := w.processes()["cp1"]
		w.on(2, "plan")
		said += w.on(0, "run")
		if diff := cmp.Diff([]string{"kube-apiserver"}, restartedWithoutLease(before, w.processes()["cp1"])); diff != "" {
			t.Errorf("what was restarted (-want +got):\n%s", diff)
		}
		w.is(tokens[2], `paul 7 ["operators","readers","system:authenticated"]`)
		w.isNobody("the token before", tokens[0])
		w.isNobody("vera, who has gone", tokens[1])
		w.on(0, "plan")
	})

	t.Run("no token shows", func(t *testing.T) {
		w.t = t
		secrets := map[string]string{}
		for i, token := range tokens {
			secrets[token] = fmt.Sprintf("token %d", i)
			w.nowhere("\n" + token)
			if strings.Contains(said, token) {
				t.Errorf("a run says token %d", i)
			}
		}
		w.onHosts(secrets, rand.Text())
	})

	t.Run("no tokens, and another prefix", func(t *testing.T) {
		w.t = t
		define("false", "c:")
		w.on(0, "run")
		w.isNobody("a static token", tokens[2])
		w.is(o.jwt(issuer, map[string]any{"iss": siteURL + "/issuers/a", "aud": "real", "sub": "12", "login": "dora", "tenant": "real"}), `c:dora  ["system:authenticated"]`)
		w.sh("cp1", "! test -e /etc/kubernetes/authentication/tokens.csv")
		w.on(0, "plan")
		w.on(0, "verify")
	})
}

// whoTheyAre: the API server itself names each caller, or nobody.
func (w *world) whoTheyAre(o *office, issuer, other *signer, tokens []string) {
	w.t.Helper()
	w.is(tokens[0], `paul 7 ["operators","readers","system:authenticated"]`)
	w.is(tokens[1], `vera 8 ["system:authenticated"]`)
	w.is("token-of-ann", `hook:ann 9 ["hooked","system:authenticated"]`)
	w.isNobody("another token", rand.Text())

	claims := map[string]any{"iss": siteURL + "/issuers/a", "aud": "real", "sub": "12", "login": "dora", "teams": []string{"net", "ops"}, "tenant": "real"}
	w.is(o.jwt(issuer, claims), `a:dora  ["a:net","a:ops","system:authenticated"]`)
	w.isNobody("another audience", o.jwt(issuer, with(claims, "aud", "other")))
	w.isNobody("another tenant", o.jwt(issuer, with(claims, "tenant", "other")))
	w.isNobody("an issuer that nobody knows", o.jwt(issuer, with(claims, "iss", siteURL+"/issuers/c")))
	w.isNobody("a token that has ended", o.jwt(issuer, with(claims, "exp", time.Now().Add(-time.Hour).Unix())))
	w.isNobody("somebody else's signature", o.jwt(other, claims))

	claims = map[string]any{"iss": siteURL + "/issuers/b", "aud": "x", "sub": "emil", "roles": []string{"dev"}}
	w.is(o.jwt(issuer, claims), `b:emil emil ["dev","system:authenticated"]`)
	w.isNobody("a user who must not be", o.jwt(issuer, with(claims, "sub", "root")))
	w.isNobody("a token for longer than an hour", o.jwt(issuer, with(claims, "exp", time.Now().Add(2*time.Hour).Unix())))
}

// whatTheyMayDo: the webhook is asked for its own users alone, and before RBAC.
func (w *world) whatTheyMayDo(tokens []string) {
	w.t.Helper()
	for _, c := range []struct{ token, what, want string }{
		{tokens[0], "configmaps", ""}, // by RBAC, through the group
		{tokens[1], "configmaps", `User "vera" cannot list resource "configmaps"`}, // the webhook is not asked
		{"token-of-kai", "configmaps", ""},                                         // by the webhook
		{"token-of-kai", "pods", `User "hook:kai" cannot list resource "pods"`},    // nobody has an opinion
		{"token-of-ann", "pods", ""},                                               // by RBAC, behind the webhook
		{"token-of-ann", "secrets", "the webhook gives no secrets"},                // which RBAC would give
	} {
		if out, err := w.as(c.token, "-n kube-system get "+c.what+" -o name"); c.want == "" && (err != nil || out == "") || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			w.t.Errorf("%s %s: %q %v", c.token, c.what, out, err)
		}
	}
	for path, want := range map[string]string{"livez": "200", "version": "401"} {
		if got := w.sh("cp1", "curl --silent --insecure --output /dev/null --write-out '%{http_code}' https://10.77.0.11:6443/"+path); got != want {
			w.t.Errorf("without a name /%s answers %s, not %s", path, got, want)
		}
	}
}

// whatIsTaken: plugins are on, off, and have their configuration.
func (w *world) whatIsTaken() {
	w.t.Helper()
	if out, err := w.try("cp1", "kubectl -n default run bad --image registry.example.com/refused:1"); err == nil || !strings.Contains(err.Error(), "the webhook refuses registry.example.com/refused:1") {
		w.t.Errorf("a pod with an image that is refused: %s%v", out, err)
	}
	w.sh("cp1", "kubectl -n comes-by-itself create configmap x && kubectl get namespace comes-by-itself")
	if got := w.sh("cp1", "kubectl -n default run good --image registry.example.com/sprayc/pod:1 >&2 && kubectl -n default get pod good -o jsonpath='{.spec.tolerations}'"); got != "" {
		w.t.Errorf("a pod gets the tolerations %s", got)
	}
}

// patched: what runs has the patches, and what it reads is root's alone.
func (w *world) patched() {
	w.t.Helper()
	for what, want := range map[string]string{
		`tr '\0' '\n' </proc/$(process kube-apiserver)/environ | grep PATCHED`:                                                                "PATCHED=strategic\n",
		`tr '\0' '\n' </proc/$(process kube-scheduler)/cmdline | grep -e --v`:                                                                 "--v=1\n",
		`kubectl -n kube-system get pod kube-controller-manager-cp1 -o jsonpath='{.metadata.annotations.example\.com/patched}'`:               "merge",
		`stat -c '%a %U' /etc/kubernetes/authentication/* /etc/kubernetes/webhooks/* /etc/kubernetes/admission/* | sort -u`:                   "600 root\n",
		`stat -c '%a %U' /etc/kubernetes/authentication /etc/kubernetes/webhooks /etc/kubernetes/admission /etc/kubernetes/kubeadm | sort -u`: "700 root\n",
	} {
		if got := w.sh("cp1", `process() { grep -lsx "$1" /proc/[0-9]*/comm | cut -d / -f 3; }; `+what); got != want {
			w.t.Errorf("%s says %q, not %q", what, got, want)
		}
	}
}
