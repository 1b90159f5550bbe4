package stdlib_test

import (
	"maps"
	"os"
	"reflect"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/zclconf/go-cty/cty"
)

const containerd = "modules/containerd/"

// containerdConfig are the values of config.toml.tmpl, as the inputs' defaults
// give them.
func containerdConfig(over map[string]cty.Value) map[string]cty.Value {
	values := map[string]cty.Value{
		"root": cty.StringVal("/var/lib/containerd"), "state": cty.StringVal("/run/containerd"), "socket": cty.StringVal("/run/containerd/containerd.sock"),
		"oom_score": cty.NumberIntVal(0), "imports": list(), "disabled_plugins": list(),
		"grpc_max_recv_message_size": cty.NumberIntVal(16777216), "grpc_max_send_message_size": cty.NumberIntVal(16777216),
		"debug_level": cty.StringVal("info"), "debug_format": cty.StringVal("text"), "metrics_address": cty.StringVal(""), "metrics_grpc_histogram": cty.False,
		"sandbox_image": cty.StringVal("registry.k8s.io/pause:3.10.2"), "snapshotter": cty.StringVal("overlayfs"), "discard_unpacked_layers": cty.False,
		"max_concurrent_downloads": cty.NumberIntVal(3), "image_pull_timeout": cty.StringVal("5m0s"), "certs_dir": cty.StringVal("/etc/containerd/certs.d"),
		"enable_selinux": cty.False, "disable_apparmor": cty.False, "restrict_oom_score_adj": cty.False, "disable_hugetlb_controller": cty.False,
		"tolerate_missing_hugetlb": cty.True, "enable_unprivileged_ports": cty.True, "enable_unprivileged_icmp": cty.True,
		"device_ownership_from_security_context": cty.False, "max_container_log_line_size": cty.NumberIntVal(16384),
		"default_runtime": cty.StringVal("runc"), "systemd_cgroup": cty.True, "runtimes": cty.EmptyObjectVal, "nri": cty.True,
	}
	maps.Copy(values, over)
	return values
}

func parseTOML(t *testing.T, text string) map[string]any {
	t.Helper()
	var parsed map[string]any
	if err := toml.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return parsed
}

// at follows keys into parsed TOML.
func at(t *testing.T, v any, keys ...string) any {
	t.Helper()
	for _, key := range keys {
		m, ok := v.(map[string]any)
		if !ok || m[key] == nil {
			t.Fatalf("no %q of %v in %v", key, keys, v)
		}
		v = m[key]
	}
	return v
}

func TestContainerdConfigDefaults(t *testing.T) {
	text := render(t, containerd+"config.toml.tmpl", containerdConfig(nil))
	if dump := os.Getenv("DUMP_CONFIG"); dump != "" {
		os.WriteFile(dump, []byte(text), 0o644)
	}
	want := map[string]any{
		"version": int64(3), "root": "/var/lib/containerd", "state": "/run/containerd", "oom_score": int64(0), "imports": []any{}, "disabled_plugins": []any{},
		"grpc":  map[string]any{"address": "/run/containerd/containerd.sock", "max_recv_message_size": int64(16777216), "max_send_message_size": int64(16777216)},
		"debug": map[string]any{"level": "info", "format": "text"},
		"plugins": map[string]any{
			"io.containerd.cri.v1.images": map[string]any{
				"snapshotter": "overlayfs", "discard_unpacked_layers": false, "max_concurrent_downloads": int64(3), "image_pull_progress_timeout": "5m0s",
				"pinned_images": map[string]any{"sandbox": "registry.k8s.io/pause:3.10.2"},
				"registry":      map[string]any{"config_path": "/etc/containerd/certs.d"},
			},
			"io.containerd.cri.v1.runtime": map[string]any{
				"enable_selinux": false, "disable_apparmor": false, "restrict_oom_score_adj": false, "disable_hugetlb_controller": false,
				"tolerate_missing_hugetlb_controller": true, "enable_unprivileged_ports": true, "enable_unprivileged_icmp": true,
				"device_ownership_from_security_context": false, "max_container_log_line_size": int64(16384),
				"cni": map[string]any{"bin_dirs": []any{"/opt/cni/bin"}, "conf_dir": "/etc/cni/net.d"},
				"containerd": map[string]any{
					"default_runtime_name": "runc",
					"runtimes": map[string]any{"runc": map[string]any{
						"runtime_type": "io.containerd.runc.v2",
						"options":      map[string]any{"BinaryName": "/usr/local/sbin/runc", "SystemdCgroup": true},
					}},
				},
			},
			"io.containerd.nri.v1.nri": map[string]any{"disable": false},
		},
	}
	if got := parseTOML(t, text); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
}

// Every input of the configuration arrives, whatever characters it has.
func TestContainerdConfigEveryInput(t *testing.T) {
	runtime := cty.ObjectVal(map[string]cty.Value{
		"type": cty.StringVal("io.containerd.kata.v2"), "binary": cty.StringVal("/opt/kata/bin/shim"), "privileged": cty.False,
		"pod_annotations": list("io.kata.*"), "options": cty.MapVal(map[string]cty.Value{"ConfigPath": cty.StringVal(`/opt/a "b"\c.toml`)}),
		"base_runtime_spec": cty.StringVal("/etc/containerd/spec.json"), "snapshotter": cty.StringVal("devmapper"),
	})
	bare := cty.ObjectVal(map[string]cty.Value{
		"type": cty.StringVal("io.containerd.runsc.v1"), "binary": cty.StringVal(""), "privileged": cty.True,
		"pod_annotations": list(), "options": cty.MapValEmpty(cty.String), "base_runtime_spec": cty.StringVal(""), "snapshotter": cty.StringVal(""),
	})
	got := parseTOML(t, render(t, containerd+"config.toml.tmpl", containerdConfig(map[string]cty.Value{
		"root": cty.StringVal("/data/a"), "state": cty.StringVal("/run/b"), "oom_score": cty.NumberIntVal(-999), "imports": list("/etc/containerd/conf.d/*.toml"),
		"disabled_plugins": list("io.containerd.snapshotter.v1.zfs"), "grpc_max_recv_message_size": cty.NumberIntVal(1), "grpc_max_send_message_size": cty.NumberIntVal(2),
		"debug_level": cty.StringVal("debug"), "debug_format": cty.StringVal("json"), "metrics_address": cty.StringVal("[::1]:1338"), "metrics_grpc_histogram": cty.True,
		"sandbox_image": cty.StringVal("r.example:5000/pause:1"), "snapshotter": cty.StringVal("native"), "discard_unpacked_layers": cty.True,
		"max_concurrent_downloads": cty.NumberIntVal(9), "image_pull_timeout": cty.StringVal("1m"), "enable_selinux": cty.True, "disable_apparmor": cty.True,
		"restrict_oom_score_adj": cty.True, "disable_hugetlb_controller": cty.True, "tolerate_missing_hugetlb": cty.False, "enable_unprivileged_ports": cty.False,
		"enable_unprivileged_icmp": cty.False, "device_ownership_from_security_context": cty.True, "max_container_log_line_size": cty.NumberIntVal(-1),
		"default_runtime": cty.StringVal("kata.qemu"), "systemd_cgroup": cty.False, "nri": cty.False,
		"runtimes": cty.ObjectVal(map[string]cty.Value{"kata.qemu": runtime, "runsc": bare}),
	})))
	images := at(t, got, "plugins", "io.containerd.cri.v1.images")
	cri := at(t, got, "plugins", "io.containerd.cri.v1.runtime")
	runtimes := at(t, cri, "containerd", "runtimes")
	for _, c := range []struct{ got, want any }{
		{at(t, got, "root"), "/data/a"}, {at(t, got, "state"), "/run/b"}, {at(t, got, "oom_score"), int64(-999)},
		{at(t, got, "imports"), []any{"/etc/containerd/conf.d/*.toml"}}, {at(t, got, "disabled_plugins"), []any{"io.containerd.snapshotter.v1.zfs"}},
		{at(t, got, "grpc", "max_recv_message_size"), int64(1)}, {at(t, got, "grpc", "max_send_message_size"), int64(2)},
		{at(t, got, "debug"), map[string]any{"level": "debug", "format": "json"}},
		{at(t, got, "metrics"), map[string]any{"address": "[::1]:1338", "grpc_histogram": true}},
		{at(t, images, "pinned_images", "sandbox"), "r.example:5000/pause:1"}, {at(t, images, "snapshotter"), "native"}, {at(t, images, "discard_unpacked_layers"), true},
		{at(t, images, "max_concurrent_downloads"), int64(9)}, {at(t, images, "image_pull_progress_timeout"), "1m"},
		{at(t, cri, "enable_selinux"), true}, {at(t, cri, "disable_apparmor"), true}, {at(t, cri, "restrict_oom_score_adj"), true}, {at(t, cri, "disable_hugetlb_controller"), true},
		{at(t, cri, "tolerate_missing_hugetlb_controller"), false}, {at(t, cri, "enable_unprivileged_ports"), false}, {at(t, cri, "enable_unprivileged_icmp"), false},
		{at(t, cri, "device_ownership_from_security_context"), true}, {at(t, cri, "max_container_log_line_size"), int64(-1)},
		{at(t, cri, "containerd", "default_runtime_name"), "kata.qemu"}, {at(t, runtimes, "runc", "options", "SystemdCgroup"), false},
		{at(t, runtimes, "kata.qemu"), map[string]any{
			"runtime_type": "io.containerd.kata.v2", "privileged_without_host_devices": true, "pod_annotations": []any{"io.kata.*"},
			"base_runtime_spec": "/etc/containerd/spec.json", "snapshotter": "devmapper",
			"options": map[string]any{"BinaryName": "/opt/kata/bin/shim", "ConfigPath": `/opt/a "b"\c.toml`},
		}},
		{at(t, runtimes, "runsc"), map[string]any{"runtime_type": "io.containerd.runsc.v1", "privileged_without_host_devices": false, "pod_annotations": []any{}}},
		{at(t, got, "plugins", "io.containerd.nri.v1.nri", "disable"), true},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("got %#v, want %#v", c.got, c.want)
		}
	}
}

func TestContainerdHostsTOML(t *testing.T) {
	values := map[string]cty.Value{
		"server": cty.StringVal("https://registry.k8s.io"), "endpoint": cty.StringVal("https://harbor.example.com/v2/k8s"), "override_path": cty.True,
		"capabilities": list("pull", "resolve"), "skip_verify": cty.True, "ca": cty.StringVal("/etc/containerd/certs.d/registry.k8s.io/ca.crt"),
	}
	want := map[string]any{"server": "https://registry.k8s.io", "host": map[string]any{"https://harbor.example.com/v2/k8s": map[string]any{
		"capabilities": []any{"pull", "resolve"}, "override_path": true, "skip_verify": true, "ca": "/etc/containerd/certs.d/registry.k8s.io/ca.crt"}}}
	if got := parseTOML(t, render(t, containerd+"hosts.toml.tmpl", values)); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
	maps.Copy(values, map[string]cty.Value{"endpoint": cty.StringVal("http://127.0.0.1:5000"), "override_path": cty.False, "skip_verify": cty.False, "ca": cty.StringVal("")})
	want = map[string]any{"server": "https://registry.k8s.io", "host": map[string]any{"http://127.0.0.1:5000": map[string]any{"capabilities": []any{"pull", "resolve"}}}}
	if got := parseTOML(t, render(t, containerd+"hosts.toml.tmpl", values)); !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
}
