package diag

// The kinds that reading the language reports: text, syntax, blocks and
// attributes.
var (
	SyntaxError = &Kind{ID: "syntax-error", Summary: "syntax error", Doc: `The text does not follow HCL's grammar. A file is a list of attributes, NAME = VALUE, and blocks, NAME "LABEL" { ... }. After an error the other blocks of the file are read all the same.

    hosts "cp1" { roles: ["worker"] }      # wrong
    hosts "cp1" { roles = ["worker"] }     # right

An inventory of Ansible or Kubespray (YAML or INI) cannot be read: what it says of hosts goes into hosts blocks, its group_vars into the cluster block and the modules' own.

    kube_node: { hosts: { node1: { ansible_host: 10.0.0.11 } } }             # wrong
    hosts "node1" { address = "10.0.0.11"  roles = ["worker"] }              # right, each on a line of its own`}

	Unclosed = &Kind{ID: "unclosed", Summary: "something is not closed", Doc: `A string, a bracket, a heredoc or a block has no end. The place shown is where it begins, or where its end is missed; the cause is in between.

    roles = ["worker"      # wrong
    roles = ["worker"]     # right`}

	InvalidTemplate = &Kind{ID: "invalid-template", Summary: "invalid template sequence", Doc: `In strings and heredocs ${ begins a value and %{ a directive (if, else, endif, for, endfor). Text that has these characters itself, such as shell or curl's formats, doubles the first.

    content = "home=${HOME:-/root}"      # wrong: sprayc would fill in HOME
    content = "home=$${HOME:-/root}"     # right: the text ${HOME:-/root}

A script in a file of its own, taken with file("x.sh"), needs none of this. A label cannot have a template; a resource whose name is computed has name = ... in its block.`}

	InvalidText = &Kind{ID: "invalid-text", Summary: "not a text file", Doc: `A file has bytes that are not UTF-8, a byte order mark, a NUL, or another control character, or one that changes the direction of the text. Save it as UTF-8 without a byte order mark.

    name = "a<ESC>b"     # wrong: an escape character itself
    name = "a b"         # right`}

	FileTooLarge = &Kind{ID: "file-too-large", Summary: "file is too large", Doc: `A file of the language has more than 4 MiB. A definition of 5,000 hosts has less than one; most likely the file is something else.

    sprayc check disk.img        # wrong
    sprayc check cluster.hcl     # right`}

	TooDeep = &Kind{ID: "too-deep", Summary: "nested too deeply", Doc: `Brackets, blocks and templates stand within each other more than a hundred deep, or one expression has more than a thousand operators.

    x = ((((((((((((((((( ... 1 ... )))))))))))))))))     # wrong
    x = local.part                                        # right: parts of it in locals`}

	UnknownAttribute = &Kind{ID: "unknown-attribute", Summary: "unknown attribute", Doc: `The block has no attribute of this name. The nearest one is named if there is one. sprayc explain prints all that a module or a resource has: sprayc explain containerd, sprayc explain ./site/ntp, sprayc explain file.

    network "cilium" { kube_proxy_replacment = true }      # wrong
    network "cilium" { kube_proxy_replacement = true }     # right`}

	UnknownBlock = &Kind{ID: "unknown-block", Summary: "unknown block", Doc: `There is no block of this name at this place. At the top of a definition stand cluster, ssh, hosts, host, role, mirror, proxy, catalog, variable, locals, addon, module, and one for each slot: runtime, network, ...

    netwrok "cilium" {}     # wrong
    network "cilium" {}     # right

A thing with = is an attribute, one without a block:

    labels { disk = "nvme" }           # wrong: labels is an attribute
    labels = { "disk" = "nvme" }       # right`}

	DuplicateAttribute = &Kind{ID: "duplicate-attribute", Summary: "attribute given twice", Doc: `A block has two attributes of the same name.

    hosts "w1" {
      arch = "amd64"
      arch = "arm64"     # wrong: remove one
    }`}

	DuplicateBlock = &Kind{ID: "duplicate-block", Summary: "block given twice", Doc: `Of this block there can be only one, or two of them have the same name. Both places are shown. They may be in two files of the definition.

    cluster "a" {}
    cluster "b" {}     # wrong: a definition is one cluster`}

	WrongLabels = &Kind{ID: "wrong-labels", Summary: "wrong number of labels", Doc: `A block has more or fewer labels (the strings between its name and the brace) than it takes.

    hosts { roles = ["worker"] }               # wrong: which hosts?
    hosts "w[1-3]" { roles = ["worker"] }      # right
    ssh "admin" {}                             # wrong: it takes none
    ssh { user = "admin" }                     # right`}

	InvalidName = &Kind{ID: "invalid-name", Summary: "invalid name", Doc: `A name is used in expressions or file names and has characters that these cannot have. Names of variables, locals, inputs, artifacts and outputs begin with a letter and go on with letters, digits, "_" and "-"; those of steps and clusters are lower case.

    variable "pod subnet" {}     # wrong
    variable "pod_subnet" {}     # right`}

	InvalidType = &Kind{ID: "invalid-type", Summary: "invalid type", Doc: `A type is string, number, bool, any, or made of these with list(...), set(...), map(...), tuple([...]) and object({ name = type }). An attribute of an object that may be left out is optional(type) or optional(type, default).

    type = "string"           # wrong: a string
    type = list               # wrong: of what?
    type = list(string)       # right
    type = object({ port = number, host = optional(string, "localhost") })`}

	NotConstant = &Kind{ID: "not-constant", Summary: "value must be constant", Doc: `This value is read before anything else is known, so it cannot use variables, locals or hosts.

    module { slot = var.slot }       # wrong
    module { slot = "runtime" }      # right`}

	UnsetVariable = &Kind{ID: "unset-variable", Summary: "variable without a value", Doc: `A variable has no default and was given no value. Give it with --var NAME=VALUE, in a file with --var-file, or in the environment as SPRAYC_VAR_NAME; or write a default.

    variable "domain" {}                                  # wrong, unless it is given
    variable "domain" { default = "prod.example.com" }    # right`}

	UndeclaredVariable = &Kind{ID: "undeclared-variable", Summary: "undeclared variable", Doc: `--var or a file of --var-file gives a value to a variable that no variable block declares.

    sprayc build --var domian=example.com     # wrong
    sprayc build --var domain=example.com     # right, with variable "domain" {}`}

	InvalidFacts = &Kind{ID: "invalid-facts", Summary: "facts.json cannot be used", Doc: `facts.json beside the definition is not what sprayc facts --write makes: an object with an entry for each host.

    ["cp1"]                                              # wrong
    { "cp1": { "os": "debian-12", "arch": "amd64" } }    # right`}

	NoDefinition = &Kind{ID: "no-definition", Summary: "no definition here", Doc: `The folder has no *.hcl file. A definition is the *.hcl files of the current folder unless others are named.

    sprayc check              # wrong, in a folder without any
    sprayc check ./prod       # right: a folder, or files`}
)

var langKinds = []*Kind{
	SyntaxError, Unclosed, InvalidTemplate, InvalidText, FileTooLarge, TooDeep, UnknownAttribute, UnknownBlock, DuplicateAttribute, DuplicateBlock,
	WrongLabels, InvalidName, InvalidType, NotConstant, UnsetVariable, UndeclaredVariable, InvalidFacts, NoDefinition,
}
