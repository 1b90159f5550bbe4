package diag

// ShellSyntax is a script that does not parse as POSIX shell.
var ShellSyntax = &Kind{ID: "shell-syntax", Summary: "shell syntax error", Doc: "The script is not POSIX shell."}

var shellKinds = []*Kind{ShellSyntax}
