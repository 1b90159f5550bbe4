package stdlib_test

import "testing"

// The cluster's hosts are its nodes that have our settings; who is in no cluster, or asks an
// API server that does not answer, says nothing.
func TestMembers(t *testing.T) {
	members := func(name, nodes, want string) scriptCase {
		c := upgradeCase(name, "members.sh", `*" --request-timeout 5s get nodes --output "*) `+nodes+` ;;`, want, nil)
		c.prints = true
		return c
	}
	noFile := members("no control plane", "note asked", "")
	noFile.files = nil
	noAPI := members("no API server answers", "note asked", "")
	noAPI.stubs["curl"] = `[ "$*" = "--silent --insecure --noproxy * --max-time 5 --output /dev/null https://api:6443/readyz" ] || fail "curl $*"; return 7`
	runCases(t, []scriptCase{
		noFile, noAPI,
		members("three, one of them others'", `printf 'cp1 d1\nother \nw1 d2\n'`, "cp1 w1"),
		members("one", `printf 'cp1 d1\n'`, "cp1"),
		members("none is ours yet", `printf 'cp1 \n'`, ""),
		members("none", ":", ""),
		members("the API server does not tell", "return 1", "fail the API server does not say which nodes there are"),
	})
}
