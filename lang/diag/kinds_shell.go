package diag

// The kinds that shell text is checked for: modules' own scripts at their own
// lines, and generated scripts before they are written.
var (
	ShellSyntax = &Kind{ID: "shell-syntax", Summary: "shell syntax error", Doc: `The script does not parse as POSIX shell, so no host could run it. Nothing else is checked in it until it does.

    if [ -e "$FILE" ] then     # wrong: no ; or newline before then
    if [ -e "$FILE" ]; then    # right`}

	ShellBashism = &Kind{ID: "shell-bashism", Summary: "not POSIX shell", Doc: `The script uses what bash has and POSIX shell has not. A host's /bin/sh may be dash, busybox, mksh, yash or ksh93, so scripts say only what all of them understand.

    local name=$1                     # wrong: local is not in POSIX
    name=$1                           # right: with a name of its own

    if [[ $a == b* ]]; then           # wrong
    case $a in b*) ... ;; esac        # right

    source ./lib.sh                   # wrong
    . ./lib.sh                        # right

    command &>/dev/null               # wrong: runs command in the background
    command >/dev/null 2>&1           # right`}

	ShellUnquoted = &Kind{ID: "shell-unquoted", Summary: "unquoted expansion", Doc: `An expansion stands outside quotes, so its value is split at blanks and what comes of it is taken for file name patterns. In assignments, after case, in arithmetic and in the list of for this does not happen or is what one wants.

    rm -f $FILE        # wrong: two files if there is a blank in it
    rm -f "$FILE"      # right

Where the splitting is wanted, say so on the line or the line before:

    # tolerate: FLAGS is a list of words
    tar $FLAGS -xf "$FILE"`}

	ShellUndeclaredVariable = &Kind{ID: "shell-undeclared-variable", Summary: "undeclared variable in a script", Doc: `The script reads a variable that it does not assign and that its env does not pass. Scripts run in a clean environment, so it would not be set.

    script = file("verify.sh")     # reads $ROOT
    env    = { ROOT = input.root } # this is missing`}

	ShellUnusedValue = &Kind{ID: "shell-unused-value", Summary: "value that no script reads", Doc: `An env passes a value that its script does not read: most likely a name was misspelt, or the script has changed.

    script = file("verify.sh")     # reads $ROOT
    env    = { ROOT = input.root, MODE = "0644" } # nothing reads MODE

When it is for a program that the script runs, name it in the script all the same:

    : "$KUBECONFIG" # for kubectl`}

	ShellSwallowedFailure = &Kind{ID: "shell-swallowed-failure", Summary: "swallowed failure", Doc: `The script throws the status of a command away, so nobody hears when it fails: with || true, || :, ; true, or set +e. Say what happens then, or give the reason in a comment on the line or the line before.

    umount "$DIR" || true                       # wrong
    umount "$DIR" || fail "cannot unmount $DIR" # right
    umount "$DIR" || true # tolerate: it may not be mounted`}

	ShellNetworkCode = &Kind{ID: "shell-network-code", Summary: "code from the network", Doc: `The script runs whatever the network answers. What runs on a host is in the bundle, where it can be read, or is a download with a digest.

    curl -fsSL https://example.com/install.sh | sh    # wrong

    artifact "tool" { component = "tool"  version = input.version }   # right
    binary "/usr/local/bin/tool" { artifact = artifact.tool }`}

	ShellUndeclaredCommand = &Kind{ID: "shell-undeclared-command", Summary: "undeclared command", Doc: `The script runs a command that is neither a builtin, nor a function of the script, nor a utility that every host has, and that no resource and no commands list of the module declares. So nothing makes sure that it is there.

    step "check" {
      commands = ["nft"]     # this is missing
      verify "the table is there" { script = file("verify.sh") }
    }

To find out whether there is a command, command -v NAME needs no declaration.`}

	ShellUndeclaredEffect = &Kind{ID: "shell-undeclared-effect", Summary: "nobody can tell what a command does", Doc: `A module's own script runs a command that writes, starts, downloads, connects or loads something, and neither the script's text nor a declaration tells what. sprayc audit lists what a bundle does, so it must be known before. What the text tells needs no word: paths of letters and of values in env, units, URLs. For the rest, the block that runs the script says it, command by command:

    exec "init" {
      probe   = file("init.probe.sh")
      act     = file("init.act.sh")
      env     = { CONFIG = local.config }
      effects = {
        "frobd init"   = ["writes /etc/frob/*", "starts frob.service", "connects $ENDPOINT"]
        "frobd status" = []            # it only reads
      }
    }

The key is the words with which the command begins, without options; ">" stands for redirections. An effect is a verb and what it is done to: writes, removes, mode (and owner), connects, downloads, listens, starts, stops, restarts, reloads, enables, disables, masks, ends (a process), loads, unloads (a kernel module), sets, mounts, unmounts, installs, uninstalls, account, changes (an object), loses (data), reboots, runs. $NAME is a value of the scripts' env.

A probe, a verify and a ready script only read: they may connect, and write below /run/sprayc/, which is memory. What else they do has to be declared too. $ is written as it is; $${NAME%/*} needs two.`}

	ShellUnusedEffect = &Kind{ID: "shell-unused-effect", Summary: "declared effect of no command", Doc: `An effects attribute names a command that no script of its block runs: the script has changed, or the words are misspelt. What a module declares is what is reviewed, so it says nothing else.

    effects = { "frobd initialize" = [] }    # wrong: the script runs frobd init
    effects = { "frobd init" = [] }          # right`}

	InvalidEffect = &Kind{ID: "invalid-effect", Summary: "effect that cannot be understood", Doc: `An effect is a verb and what it is done to, such as writes /etc/frob/*. The verbs are those of sprayc explain shell-undeclared-effect. $NAME is a value that the scripts are given in env.

    effects = { "frobd init" = ["creates its files"] }       # wrong
    effects = { "frobd init" = ["writes /etc/frob/*"] }      # right`}

	ShellEval = &Kind{ID: "shell-eval", Summary: "eval", Doc: `eval makes code of a value. There is no quoting that keeps that safe for every value, and no reader who can tell what will run.

    eval "$COMMAND"             # wrong
    "$PROGRAM" --flag "$VALUE"  # right`}

	ShellSudo = &Kind{ID: "shell-sudo", Summary: "sudo in a script", Doc: `Scripts run as root; how one becomes root is the runner's business, at one place. sudo may also not be installed, or ask for a password that nobody types.

    sudo systemctl restart x    # wrong
    systemctl restart x         # right, but better: a service resource, and notifies`}

	ShellEcho = &Kind{ID: "shell-echo", Summary: "echo", Doc: `What echo prints depends on the shell when the text has a backslash in it or begins with a dash; printf is the same everywhere.

    echo "$VALUE"              # wrong
    printf '%s\n' "$VALUE"     # right`}

	ShellTrace = &Kind{ID: "shell-trace", Summary: "trace of every command", Doc: `set -x and set -v write every command and every value to the log: secrets too, and so much that nobody reads it. Use note TEXT for what the log should have.

    set -x                             # wrong
    note "the zone is $ZONE"           # right`}

	ShellHeredoc = &Kind{ID: "shell-heredoc", Summary: "value in a here-document", Doc: `A here-document whose delimiter is not quoted puts values into text as they are. Whoever reads that text (YAML, TOML, a program's commands) takes what is in the value for its own syntax.

    kubectl apply -f - <<EOF       # wrong: a quote in $NAME ends the string
    name: "$NAME"
    EOF

Make the text a template of the module, where yamlencode and its like quote, and pass its path or content; or quote the delimiter when nothing is to be expanded. Where the value is known to be harmless, say why: # tolerate: REASON on the line or the line before.`}

	ShellValue = &Kind{ID: "shell-value", Summary: "value that no script can hold", Doc: `A value has a NUL byte in it. No shell variable, and no argument of a program, can hold one. Text has none: it is most likely the content of a binary file, which is shipped as a file.

    file "/usr/share/site/logo.png" { content = file("logo.png") }     # wrong
    file "/usr/share/site/logo.png" { source = "logo.png" }            # right`}

	CodegenBug = &Kind{ID: "codegen-bug", Summary: "bundle cannot be made", Doc: `The plan and the standard library do not fit each other. This is a bug in sprayc, not in your definition: please report it, with what these print:

    sprayc version
    sprayc check --json`}
)

var shellKinds = []*Kind{
	ShellSyntax, ShellBashism, ShellUnquoted, ShellUndeclaredVariable, ShellUnusedValue, ShellSwallowedFailure, ShellNetworkCode,
	ShellUndeclaredCommand, ShellUndeclaredEffect, ShellUnusedEffect, InvalidEffect, ShellEval, ShellSudo, ShellEcho, ShellTrace, ShellHeredoc, ShellValue, CodegenBug,
}
