package modules_test

import (
	"strings"
	"testing"
)

// The settings go to etcd by its own names, what is not said is left out, and one who is
// declared absent is no member.
func TestEtcdHosts(t *testing.T) {
	plan := must(t, base+`
hosts "e[2-3]" {
  roles   = ["etcd"]
  address = cidrhost("10.0.0.0/24", 10 + host.index)
  os      = "debian-12"
  arch    = "amd64"
}
hosts "e4" {
  roles   = ["etcd"]
  address = "10.0.0.14"
  os      = "debian-12"
  arch    = "amd64"
  state   = "absent"
}
etcd "hosts" {
  quota_backend_bytes = 4294967296
  cipher_suites       = ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"]
  cert_sans           = ["etcd.example.com", "10.0.0.100"]
  extra_args          = { "max-txn-ops" = "256" }
}
`)
	env := map[string]string{}
	for _, h := range plan.Hosts {
		if h.Name == "e2" {
			for _, v := range h.Env {
				env[v.Text] = v.Name
			}
		}
	}
	want := `ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.12:2379
ETCD_AUTO_COMPACTION_MODE=periodic
ETCD_AUTO_COMPACTION_RETENTION=0
ETCD_CERT_FILE=/etc/etcd/pki/server.crt
ETCD_CIPHER_SUITES=TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
ETCD_CLIENT_CERT_AUTH=true
ETCD_DATA_DIR=/var/lib/etcd
ETCD_ELECTION_TIMEOUT=1000
ETCD_HEARTBEAT_INTERVAL=100
ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.12:2380
ETCD_INITIAL_CLUSTER_TOKEN=test
ETCD_KEY_FILE=/etc/etcd/pki/server.key
ETCD_LISTEN_CLIENT_URLS=https://10.0.0.12:2379,https://127.0.0.1:2379
ETCD_LISTEN_METRICS_URLS=http://127.0.0.1:2381
ETCD_LISTEN_PEER_URLS=https://10.0.0.12:2380
ETCD_LOG_LEVEL=info
ETCD_MAX_REQUEST_BYTES=1572864
ETCD_MAX_TXN_OPS=256
ETCD_MAX_WALS=5
ETCD_METRICS=basic
ETCD_NAME=e2
ETCD_PEER_CERT_FILE=/etc/etcd/pki/peer.crt
ETCD_PEER_CLIENT_CERT_AUTH=true
ETCD_PEER_KEY_FILE=/etc/etcd/pki/peer.key
ETCD_PEER_TRUSTED_CA_FILE=/etc/etcd/pki/ca.crt
ETCD_QUOTA_BACKEND_BYTES=4294967296
ETCD_SNAPSHOT_COUNT=10000
ETCD_STRICT_RECONFIG_CHECK=true
ETCD_TLS_MIN_VERSION=TLS1.2
ETCD_TRUSTED_CA_FILE=/etc/etcd/pki/ca.crt
`
	if env[want] == "" {
		t.Errorf("no value of e2 is\n%s\nit has %v", want, env)
	}
	names := "DNS:e2,DNS:localhost,IP:10.0.0.12,IP:127.0.0.1,IP:::1,DNS:etcd.example.com,IP:10.0.0.100"
	if env[names] == "" {
		t.Errorf("no value of e2 is %s: %v", names, env)
	}
	for _, r := range variant(t, plan, "e2", "etcd-hosts/member").Resources {
		if got := argMap(r.Args)["env.ENDPOINTS"]; got != "https://10.0.0.11:2379 https://10.0.0.12:2379 https://10.0.0.13:2379" {
			t.Errorf("the endpoints are %s", got)
		}
	}
}

// Whether a member may restart is asked before anything is written that calls for it: a host
// that has its mark is waited for by those that have to go first. A member for events that was
// stopped is started before its host needs a turn for the other one.
func TestEtcdRestartIsAskedFirst(t *testing.T) {
	plan := must(t, base+`etcd "hosts" { events = true }`)
	order := func(step string) string {
		var found []string
		for _, r := range variant(t, plan, "cp1", step).Resources {
			found = append(found, r.Kind+" "+r.Name.Text)
		}
		return strings.Join(found, ", ")
	}
	for step, want := range map[string]string{
		"etcd-hosts/configuration":        "exec events-up, exec restart, file /etc/etcd/etcd.env, service etcd.service, exec started",
		"etcd-hosts/events-configuration": "directory /var/lib/etcd-events, exec events-restart, file /etc/etcd/events.env, service etcd-events.service, exec events-started",
	} {
		if got := order(step); got != want {
			t.Errorf("%s:\n got %s\nwant %s", step, got, want)
		}
	}
}
