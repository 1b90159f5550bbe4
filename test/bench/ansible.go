package main

import (
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// ansible is ansible-playbook with pipelining and a fork for each host.
func ansible(f *fleet, w workload, dir, url, digest string) tool {
	return tool{"ansible, pipelining, forks 20", func(n int) (cost, error) {
		folder := filepath.Join(dir, "ansible")
		if err := writePlaybook(f, w, folder, n, url, digest); err != nil {
			return cost{}, err
		}
		cmd := exec.Command("ansible-playbook", "-i", filepath.Join(folder, "inventory"), filepath.Join(folder, "playbook.yml"))
		cmd.Env = append(os.Environ(), "ANSIBLE_CONFIG="+filepath.Join(folder, "ansible.cfg"), "ANSIBLE_HOME="+folder, "ANSIBLE_LOCAL_TEMP="+filepath.Join(folder, "tmp"), "ANSIBLE_NOCOLOR=1")
		return timed(cmd)
	}}
}

func writePlaybook(f *fleet, w workload, folder string, n int, url, digest string) error {
	files := map[string]string{
		"ansible.cfg":  "[defaults]\nlocalhost_warning=False\nforks=20\n[ssh_connection]\npipelining=True\n",
		"playbook.yml": w.playbook(url, digest),
	}
	inventory := "[peers]\n"
	for _, h := range f.hosts[:n] {
		inventory += fmt.Sprintf("%s ansible_host=%s\n", h.name, h.address)
	}
	files["inventory"] = inventory + fmt.Sprintf("[peers:vars]\nansible_port=%s\nansible_user=root\nansible_ssh_common_args='-F %s'\n", sshPort, f.config)
	for _, file := range w.files {
		text := strings.NewReplacer("{{ name }}", "{{ inventory_hostname }}", "{{ address }}", "{{ ansible_host }}").Replace(w.template(file[0]))
		files["templates/"+file[0]+".j2"] = text
	}
	for name, text := range files {
		name = filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// playbook is the workload as one play.
func (w workload) playbook(url, digest string) string {
	var b strings.Builder
	b.WriteString("- hosts: peers\n  tasks:\n  - name: directories\n    file:\n      path: \"" + target + "/{{ item.p }}\"\n      state: directory\n      mode: \"{{ item.m }}\"\n    loop:\n")
	for _, d := range w.dirs {
		fmt.Fprintf(&b, "    - {p: %q, m: \"0%s\"}\n", d[0], d[1])
	}
	for _, f := range w.files {
		fmt.Fprintf(&b, "  - name: file %s\n    template:\n      src: %s.j2\n      dest: %s\n      mode: \"0%s\"\n", f[0], f[0], path.Join(target, f[1]), f[2])
	}
	fmt.Fprintf(&b, "  - name: lines\n    lineinfile:\n      path: %s\n      line: \"{{ item }}\"\n      create: true\n      mode: \"0644\"\n    loop:\n", path.Join(target, lineFile))
	for _, l := range w.lines {
		fmt.Fprintf(&b, "    - %q\n", l)
	}
	b.WriteString("  - name: links\n    file:\n      path: \"" + target + "/{{ item.d }}\"\n      src: \"{{ item.s }}\"\n      state: link\n      force: true\n    loop:\n")
	for _, l := range w.links {
		fmt.Fprintf(&b, "    - {d: %q, s: %q}\n", l[0], l[1])
	}
	fmt.Fprintf(&b, "  - name: download\n    get_url:\n      url: %q\n      dest: /srv/payload.tgz\n      checksum: \"sha256:%s\"\n", url, digest)
	fmt.Fprintf(&b, "  - name: unpack\n    unarchive:\n      src: /srv/payload.tgz\n      dest: %s\n      remote_src: true\n", path.Join(target, "opt/cni/bin"))
	b.WriteString("  - name: package\n    command: dpkg -s openssh-client\n    changed_when: false\n  - name: service\n    command: /srv/svc is-active containerd\n    changed_when: false\n    register: svc\n    failed_when: svc.stdout != \"active\"\n")
	return b.String()
}
