package diag

import "testing"

// What Kubernetes has dropped is named with its release; other names are not taken for it.
func TestDropped(t *testing.T) {
	for name, want := range map[string]string{
		"basic_auth": droppedBasicAuth, "kube_basic_auth": droppedBasicAuth, "podSecurityPolicy": droppedPodSecurity,
		"dockershim": droppedDocker, "insecure_port": droppedInsecure, "containerd": "", "audit": "", "": "",
	} {
		if got := Dropped(name); got != want {
			t.Errorf("%q: got %q, not %q", name, got, want)
		}
	}
	if got := Meant("basic_auth", []string{"audit", "oidc"}); got != droppedBasicAuth {
		t.Errorf("the fix is %q", got)
	}
}
