package diag

// The kinds that shell text is checked for: modules' own scripts at their own
// lines, and generated scripts before they are written.
var (
	ShellSyntax = &Kind{ID: "shell-syntax", Summary: "shell syntax error", Doc: `The script does not parse as POSIX shell, so no host could run it. Nothing else is checked in it until it does.

    if [ -e "$FILE" ] then     # wrong: no ; or newline before then
    if [ -e "$FILE" ]; then    # right`}

	ShellValue = &Kind{ID: "shell-value", Summary: "value that no script can hold", Doc: `A value has a NUL byte in it. No shell variable, and no argument of a program, can hold one. Text has none: it is most likely the content of a binary file.`}

	CodegenBug = &Kind{ID: "codegen-bug", Summary: "bundle cannot be made", Doc: `The plan and the standard library do not fit each other. This is a bug in sprayc, not in your definition: please report it.`}
)

var shellKinds = []*Kind{ShellSyntax, ShellValue, CodegenBug}
