package images

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/test/hosts/artifacts"
)

// ginkgoVersion is the one that Kubernetes' tests are built with.
const ginkgoVersion = "2.28.1"

// shScript is a shell that hands on variables whose names are none of its own ("data-1"),
// as upstream's does and Debian's busybox does not.
const shScript = "#!/bin/bash\nexec -a sh /bin/bash \"$@\"\n"

// Conformance makes images for Kubernetes' own conformance tests, and names the images
// among those that its test program lists that are not made here. Programs are that
// program, e2e.test, and ginkgo, which runs it.
//
// The test program knows one tag for each image: an image has it also where what is in
// it is Debian's and of another version.
func Conformance(ctx context.Context, cache, version string) (programs []string, made []Image, missing []string, err error) {
	if cache, err = filepath.Abs(cache); err != nil {
		return nil, nil, nil, err
	}
	folders := map[string]string{"conformance": version, "conformance-pods": version, "ginkgo": ginkgoVersion}
	for name, version := range folders {
		if folders[name], err = artifacts.Programs(ctx, cache, name, version); err != nil {
			return nil, nil, nil, err
		}
	}
	programs = []string{filepath.Join(folders["conformance"], "e2e.test"), filepath.Join(folders["ginkgo"], "ginkgo")}
	list, err := exec.CommandContext(ctx, programs[0], "--list-images").Output()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("ask the test program for its images: %w", err)
	}
	var recipes []recipe
	known := podsOf(folders["conformance-pods"])
	references := strings.Fields(string(list))
	slices.Sort(references)
	for _, reference := range references {
		name, tag, _ := strings.Cut(reference, ":")
		r, is := known[strings.TrimPrefix(name, "registry.k8s.io/")]
		switch what := path.Base(name); {
		case is && strings.HasPrefix(name, "registry.k8s.io/"):
			r.name, r.tag = name, tag
			recipes = append(recipes, r)
		case what != "etcd" && what != "pause": // those are kubeadm's too
			missing = append(missing, reference)
		}
	}
	made, err = makeAll(ctx, cache, recipes)
	return programs, made, missing, err
}

// podsOf are the images that are made of these programs and of Debian, by repository.
func podsOf(programs string) map[string]recipe {
	agnhost := recipe{
		// What upstream's has, with the busybox whose shell looks for programs before its own applets.
		packages: "busybox bash bind9-dnsutils curl iperf iproute2 libc-bin netcat-openbsd util-linux",
		files: map[string]string{
			"agnhost": filepath.Join(programs, "agnhost"), "agnhost-2": filepath.Join(programs, "agnhost"),
			"localhost.crt": filepath.Join(programs, "localhost.crt"), "localhost.key": filepath.Join(programs, "localhost.key"),
		},
		scripts: map[string]string{
			"usr/local/bin/nc": "#!/bin/sh\nexec nc.openbsd \"$@\"\n", // else nc is busybox's
			"etc/passwd":       "root:x:0:0:root:/root:/bin/sh\nuser-defined-in-image:x:1000:1000::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n",
			"etc/group":        "root:x:0:\nuser-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\nnogroup:x:65534:\n",
		},
		entrypoint: []string{"/agnhost"}, arguments: []string{"pause"},
	}
	picture := func(name string) recipe {
		r := recipe{files: map[string]string{"agnhost": filepath.Join(programs, "agnhost")}, scripts: map[string]string{"data.json": `{"image": "` + name + `.jpg"}` + "\n"}}
		r.entrypoint, r.arguments = []string{"/agnhost"}, []string{"test-webserver"}
		return r
	}
	kitten := picture("kitten")
	kitten.scripts["etc/os-release"] = "NAME=\"a stand-in for Alpine Linux\"\n" // read by the test of volumes of images
	return map[string]recipe{
		"e2e-test-images/agnhost":           agnhost,
		"e2e-test-images/busybox":           {packages: "busybox bash", scripts: map[string]string{"usr/bin/sh": shScript}, arguments: []string{"sh"}},
		"e2e-test-images/glibc-dns-testing": {packages: agnhost.packages, arguments: []string{"bash"}}, // Debian, with what agnhost has
		"e2e-test-images/kitten":            kitten,
		"e2e-test-images/nautilus":          picture("nautilus"),
		"e2e-test-images/nginx":             {packages: shell + " nginx libnginx-mod-stream", scripts: map[string]string{"usr/local/sbin/nginx": nginxScript}, arguments: []string{"nginx", "-g", "daemon off;"}},
		"e2e-test-images/nonewprivs":        {files: map[string]string{"usr/local/bin/nnp": filepath.Join(programs, "nonewprivs")}, setuid: true, arguments: []string{"nnp"}},
		"e2e-test-images/nonroot":           {packages: shell, user: "1234", arguments: []string{"sh"}},
		"e2e-test-images/sample-apiserver":  {files: map[string]string{"sample-apiserver": filepath.Join(programs, "sample-apiserver")}, entrypoint: []string{"/sample-apiserver"}},
	}
}
