package stdlib_test

import (
	"strings"
	"testing"
)

// A key is 32 bytes, whoever has made it, and nothing else.
func TestEncryptionKeyAct(t *testing.T) {
	const key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	base := func(name, file, given, want string) scriptCase {
		return scriptCase{name: name, want: want, script: kubernetes + "encryption-key.act.sh", files: map[string]string{"/run/key": given},
			env: map[string]string{"STATE": "/etc/e/state", "WANT": "secretbox-1", "RESOURCES": "secrets", "KEY": file},
			// The last that is called.
			stubs: map[string]string{"sync": `note "sync ${1##*/}"`, "mv": `note "$(cat "$2")"`, "head": `[ "$TEST_RANDOM" != no ] && printf %s "$TEST_RANDOM"`}}
	}
	made := func(name, random, want string) scriptCase {
		c := base(name, "", "", want)
		c.env["TEST_RANDOM"] = random
		return c
	}
	const bad = "fail the key is not 32 bytes in base64"
	torn := base("those that are there are not read whole", "/run/key", key, "fail cannot write /etc/e/state.new")
	torn.files["/etc/e/state"] = "key aesgcm-1 aesgcm BBB=\n"
	torn.stubs["cat"] = `case $1 in */state) return 1 ;; esac; command cat "$@"`
	runCases(t, []scriptCase{
		base("given", "/run/key", key, "note sync state.new\nnote key secretbox-1 secretbox "+key+"\norder secrets secretbox-1 identity\nnote sync e"),
		base("given, 31 bytes", "/run/key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", bad),
		base("given, and something after it", "/run/key", key+"!", bad),
		made("made", "0123456789abcdef0123456789abcdef", "note sync state.new\nnote key secretbox-1 secretbox MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\norder secrets secretbox-1 identity\nnote sync e"),
		torn,
		made("nothing is random here", "no", bad),
		made("a little is", "0123", bad),
	})
}

// What is written anew is a whole list: kubectl prints what it has of one that broke off.
func TestEncryptionRewrite(t *testing.T) {
	ends := func(name, lists, said, status, want string) scriptCase {
		return scriptCase{name: name, want: want, script: kubernetes + "encryption-rewrite.act.sh",
			env:   map[string]string{"NOTE": "written", "TARGET": "secretbox-1 secrets", "STATE": "/etc/e/state"},
			files: map[string]string{"/etc/e/state": "key secretbox-1 secretbox AAA=\norder secrets secretbox-1\n"},
			stubs: map[string]string{"sleep": ":", "kubectl": `case $* in
*'--output name')
	if [ -n "${TEST_LIST-}" ]; then printf '%s\n' "$TEST_LIST" >&2 && return 1; fi
	echo secret/a
	;;
*'--output json')
	printf '{"items":["a"]}\n'
	` + lists + `
	;;
*replace*)
	list=$(cat) || return 1
	if [ "$list" = '{"items":["a"]}' ]; then
		note replaced
	else
		echo 'error: unable to decode "STDIN"' >&2
		return 1
	fi
	printf '` + said + `' >&2
	return ` + status + `
	;;
*annotate*) note 'it is written' ;;
esac`}}
	}
	replaces := func(name, lists, said, want string) scriptCase { return ends(name, lists, said, "1", want) }
	base := func(name, lists, want string) scriptCase { return ends(name, lists, "", "0", want) }
	lists := func(name, said, want string) scriptCase {
		c := base(name, ":", want)
		c.env["TEST_LIST"] = said
		return c
	}
	const conflict, gone = `Error from server (Conflict): error when replacing "STDIN": the object has been modified\n`, `Error from server (NotFound): error when replacing "STDIN": secrets "a" not found\n`
	runCases(t, []scriptCase{
		replaces("one is changed and one is removed meanwhile", ":", conflict+gone, "note replaced\nnote it is written"),
		replaces("one is refused", ":", conflict+`Error from server (Forbidden): no\n`, strings.Repeat("note replaced\n", 6)+"fail not all secrets are written anew; the log says why"),
		ends("it is ended after a warning", ":", `Warning: old\n`, "137", strings.Repeat("note replaced\n", 6)+"fail not all secrets are written anew; the log says why"),
		base("whole", ":", "note replaced\nnote it is written"),
		base("broke off once", `[ -e "$ROOT_OF_TEST/once" ] || { : >"$ROOT_OF_TEST/once"; return 1; }`, "note replaced\nnote it is written"),
		lists("its kind was removed", `error: the server doesn't have a resource type "secrets"`, "note the API server has no secrets any more: none is written anew\nnote it is written"),
		lists("its kind was removed a moment ago", `Error from server (NotFound): Unable to list "/v1, Resource=secrets": the server could not find the requested resource`, "note the API server has no secrets any more: none is written anew\nnote it is written"),
		lists("nobody answers", "The connection to the server was refused", "fail the API server does not list secrets"),
		base("breaks off each time", "return 1", "fail not all secrets are written anew; the log says why"),
	})
}
