package diag

// The kinds that the compiler reports: names, types, binding times, order.
var (
	UnknownRole = &Kind{ID: "unknown-role", Summary: "unknown role", Doc: `A role is named that is neither built in (control_plane, worker, etcd; node and all in modules) nor declared by a role block.

    hosts "cp1" { roles = ["control_plane", "etdc"] }     # wrong
    hosts "cp1" { roles = ["control_plane", "etcd"] }     # right

To use a role of your own, declare it: role "storage" {}.`}

	UnknownOS = &Kind{ID: "unknown-os", Summary: "unknown operating system", Doc: `The os of a host is not in the OS matrix of the library.

    os = "debain-12"     # wrong
    os = "debian-12"     # right`}

	UnknownArch = &Kind{ID: "unknown-arch", Summary: "unknown architecture", Doc: `The arch of a host is not an architecture that sprayc knows, or a download does not exist for it. Names are Go's and Kubernetes': amd64, arm64, arm, ppc64le, s390x.

    arch = "x86_64"     # wrong
    arch = "amd64"      # right`}

	MissingFact = &Kind{ID: "missing-fact", Summary: "host without os or arch", Doc: `A host has neither an os and arch of its own nor facts. Either write them in its hosts block,

    os   = "debian-12"
    arch = "amd64"

or let sprayc ask the hosts and write facts.json beside the definition: sprayc facts --write.`}

	BadRange = &Kind{ID: "bad-range", Summary: "invalid host pattern", Doc: `The label of a hosts block is not a host pattern: a name with ranges and lists.

    hosts "cp[1-3]" {}              # cp1 cp2 cp3
    hosts "node[01-20]" {}          # node01 ... node20
    hosts "rack{a,b}-n[1-4]" {}     # racka-n1 ... rackb-n4

Or the names are none that a machine and a Kubernetes node can have: lower-case letters, digits, "-" and ".", with a letter or digit at both ends and beside each dot, at most 63 characters.

    hosts "Node_[1-3]" {}     # wrong
    hosts "node-[1-3]" {}     # right`}

	DuplicateHost = &Kind{ID: "duplicate-host", Summary: "host declared twice", Doc: `Two hosts blocks make a host of the same name. A host "NAME" block over a hosts block is not a second declaration; it adds to the first.

    hosts "cp[1-3]" {}
    hosts "cp3" {}                       # wrong
    host  "cp3" { arch = "arm64" }       # right: adds to cp3`}

	DuplicateAddress = &Kind{ID: "duplicate-address", Summary: "address used twice", Doc: `Two hosts have the same address. Both places are shown.

    hosts "cp[1-3]" { address = "10.0.0.11" }                                  # wrong: all three
    hosts "cp[1-3]" { address = cidrhost("10.0.0.0/24", 10 + host.index) }     # right`}

	BadAddress = &Kind{ID: "bad-address", Summary: "invalid address", Doc: `The address of a host is not an IP address.

    address = "10.0.0.256"     # wrong
    address = "10.0.0.25"      # right`}

	BadCIDR = &Kind{ID: "bad-cidr", Summary: "invalid CIDR", Doc: `A subnet is not in CIDR notation, or has bits set beyond its prefix.

    pod_subnets = ["10.233.64.0/33"]     # wrong: a prefix is at most 32
    pod_subnets = ["10.233.64.1/18"]     # wrong: host bits
    pod_subnets = ["10.233.64.0/18"]     # right`}

	OverlappingCIDR = &Kind{ID: "overlapping-cidr", Summary: "overlapping CIDRs", Doc: `Two of the pod and service subnets overlap, or a host's address lies in one. Both places are shown.

    pod_subnets     = ["10.233.0.0/16"]       # wrong: holds the next one
    service_subnets = ["10.233.0.0/18"]`}

	BadEndpoint = &Kind{ID: "bad-endpoint", Summary: "invalid endpoint", Doc: `control_plane_endpoint is a host name or address with a port.

    control_plane_endpoint = "api.prod.example.com:6443"`}

	UnknownVersion = &Kind{ID: "unknown-version", Summary: "unknown version", Doc: `The catalog has no such version of the component, so there is no digest to check a download with. The nearest ones are named. To add one: sprayc catalog add, and a catalog block in the definition.

    runtime "containerd" { version = "2.3" }       # wrong: versions are exact
    runtime "containerd" { version = "2.3.4" }     # right`}

	VersionJump = &Kind{ID: "version-jump", Summary: "a version that cannot be reached at once", Doc: `An upgrade of Kubernetes goes one minor version at a time, and not back over one. What the hosts have is in facts.json, as sprayc facts --write has found it; in between, the newest of each minor version that the catalog has is the way. Each host is asked again before anything changes there.

    kubernetes_version = "1.36.4"     # wrong, when cp1 has 1.34.9
    kubernetes_version = "1.35.8"     # right: build for upgrade, sprayc upgrade; then the same with 1.36.4

The kubelet of a worker may be three minor versions behind the control plane, and goes over them at once. Back over a minor version there is no way but to restore what was backed up before the upgrade.`}

	URLCredentials = &Kind{ID: "url-credentials", Summary: "credentials in a URL", Doc: `A URL has a user, a token or a password before its host. URLs of a mirror, a registry, an artifact, a repository or any other argument stand in the scripts, in PLAN.md and in plan.json, and a bundle holds no secret.

    mirror { files = "https://ci:hunter2@artifacts.example.com" }     # wrong
    mirror { files = "https://artifacts.example.com" }                # right

Downloads cannot have credentials of their own: there is no argument for them, and curl on a host reads neither .curlrc nor .netrc. What there is:

- A mirror that serves the hosts' network without asking who they are. Each download is checked against its digest, so nothing but its secrecy depends on who may read it.
- The download itself, put on the hosts by hand as /var/cache/sprayc/sha256/DIGEST.
- A proxy between, which may want a password: proxy { https = secret("env:HTTPS_PROXY") } takes its whole URL as a secret.
- GNU wget, where there is no curl, reads /root/.netrc of the host (machine HOST login USER password PASSWORD, mode 0600).
- For packages from an apt repository, the same line in a file of /etc/apt/auth.conf.d on the hosts.
- For pulls from a registry, which do have an argument: runtime "containerd" takes authorized_registries, and registry_authorization = secret("env:NAME").`}

	PlainSecret = &Kind{ID: "plain-secret", Summary: "a secret in the definition", Doc: `The argument is a secret (its input is declared sensitive), and what is written here would stand in scripts of the bundle that others can read. The function secret names where the runner finds it, while it runs.

    encryption_key = "c2VjcmV0..."                        # wrong
    encryption_key = secret("env:ENCRYPTION_KEY")         # right
    ca_key         = secret("file:pki/ca.key")            # right`}

	UnknownComponent = &Kind{ID: "unknown-component", Summary: "unknown component", Doc: `The catalog has no component of this name.

    component = "rnuc"     # wrong
    component = "runc"     # right`}

	UnknownModule = &Kind{ID: "unknown-module", Summary: "unknown module", Doc: `The label of a slot, addon or module block is neither a module of the library nor a folder. A path begins with ./ or ../ or /.

    runtime "containrd" {}      # wrong
    runtime "containerd" {}     # right
    module  "./site/ntp" {}     # a folder of your own`}

	WrongSlot = &Kind{ID: "wrong-slot", Summary: "module does not fill this slot", Doc: `The module fills another slot than the one it is used for, or none.

    network "containerd" {}     # wrong: it is a runtime
    runtime "containerd" {}     # right`}

	DuplicateSlot = &Kind{ID: "duplicate-slot", Summary: "slot filled twice", Doc: `A slot takes one module. Both places are shown. Addons and modules take many.

    network "cilium" {}
    network "calico" {}     # wrong: remove one`}

	DuplicateModule = &Kind{ID: "duplicate-module", Summary: "module used twice", Doc: `A module is used by two blocks, or two modules have the same name, so their steps would too.

    addon  "metrics-server" {}
    module "metrics-server" {}     # wrong: remove one`}

	ModuleRequires = &Kind{ID: "module-requires", Summary: "required module is missing", Doc: `A module requires another that the definition does not use.

    module { requires = ["helm"] }     # what the module says
    module "./site/app" {}             # wrong alone
    addon "helm" {}                    # right: with it`}

	ModuleConflicts = &Kind{ID: "module-conflicts", Summary: "conflicting modules", Doc: `Two modules that the definition uses cannot be used together. Both places are shown.

    module { conflicts = ["kube-proxy"] }     # what cilium might say
    addon "cilium" {}
    addon "kube-proxy" {}                     # wrong: remove one`}

	MissingArgument = &Kind{ID: "missing-argument", Summary: "required argument is missing", Doc: `A block lacks an attribute that it must have.

    registry "docker.io" {}                                                       # wrong: taken from where?
    registry "docker.io" { endpoint = "https://harbor.example.com/docker" }       # right`}

	WrongType = &Kind{ID: "wrong-type", Summary: "wrong type", Doc: `A value is not of the type that is expected here.

    kube_proxy_replacement = "yes"     # wrong: a string
    kube_proxy_replacement = true      # right`}

	InvalidValue = &Kind{ID: "invalid-value", Summary: "invalid value", Doc: `A value has the right type but is not one that is allowed here: a validation of the module's, a list of choices, or a pattern refuses it. The label says which.

    role "worker" { max_unavailable = "some" }     # wrong
    role "worker" { max_unavailable = "10%" }      # right

What a resource is called is checked as well, as its kind wants it: a path from the root, the name of a unit with its suffix.

    file "etc/motd" { content = "hello" }       # wrong
    file "/etc/motd" { content = "hello" }      # right`}

	AboutStep = &Kind{ID: "about-step", Summary: "step about a host that no other can run", Doc: `A step with about = host is done for each host of its roles, by another: one that its executor means. executor is a selector of role:, os: and arch:, and some host must be meant. Inside, host is the host that the step is about. The step holds only what leaves nothing on the host that happens to run it: exec, wait and verify.

    step "drain" {
      roles    = ["worker"]
      stage    = "prepare"
      about    = host
      executor = "role:control_plane"
      exec "drain" {
        probe      = file("drain.probe.sh")
        act        = file("drain.act.sh")
        env        = { NODE = host.name }
        disruptive = true
      }
    }`}

	AssertFailed = &Kind{ID: "assertion-failed", Summary: "module's assertion failed", Doc: `A module asserts something about the definition that does not hold. The label is the module's message; the note shows the assertion.

    runtime "containerd" { default_runtime = "kata" }     # wrong: it has no runtime of this name
    runtime "containerd" { default_runtime = "runc" }     # right`}

	InvalidExpression = &Kind{ID: "invalid-expression", Summary: "expression cannot be evaluated", Doc: `Evaluating an expression failed. The label says why, and for expressions that differ between hosts on which host first and on how many.

    address = cidrhost("10.0.0.0/30", 10)     # wrong: it has 4 addresses
    address = cidrhost("10.0.0.0/24", 10)     # right`}

	UnknownName = &Kind{ID: "unknown-name", Summary: "unknown name", Doc: `An expression uses a name that does not exist here.

    address = cidrhost("10.0.0.0/24", hots.index)     # wrong
    address = cidrhost("10.0.0.0/24", host.index)     # right`}

	UnknownFunction = &Kind{ID: "unknown-function", Summary: "unknown function", Doc: `An expression calls a function that does not exist.

    address = cidrhosts("10.0.0.0/24", 1)     # wrong
    address = cidrhost("10.0.0.0/24", 1)      # right`}

	ReferenceCycle = &Kind{ID: "reference-cycle", Summary: "values refer to each other", Doc: `A local or input depends on itself. The notes show the way round.

    locals {
      a = local.b
      b = local.a     # wrong
      b = 1           # right
    }`}

	LateValue = &Kind{ID: "late-value", Summary: "value is known too late", Doc: `Every expression has a binding time: cluster (the same everywhere), class (depends on a host's OS, architecture or roles), host (differs between hosts) or live (known only while running). Here a value is needed earlier than it is known. The notes show what makes it late.

    step "x" { stage = host.name }       # wrong: a step has one stage, not one for each host
    step "x" { stage = "prepare" }       # right`}

	LiveValue = &Kind{ID: "live-value", Summary: "live value in a bundle", Doc: `A value that is known only while running, an output or a secret, is used where its value would be written into the bundle. It can be given whole to attributes that take live values (the parts of a file, the env of an exec), which get the path of a file that holds it.

    file "/etc/token" { content = "token=${output.join}" }             # wrong
    file "/etc/token" { parts = ["token=", output.join] }              # right: joined on the host`}

	HostsIterated = &Kind{ID: "hosts-iterated", Summary: "loop over all hosts for each host", Doc: `An expression that differs between hosts loops over hosts, which costs the square of their number. Group once in a local and index it.

    peers = [for h in hosts : h.address if h.rack == host.rack]     # wrong, in a step

    locals { by_rack = { for h in hosts : h.rack => h.address... } }     # right
    peers = local.by_rack[host.rack]`}

	HostsInHosts = &Kind{ID: "hosts-in-hosts", Summary: "hosts block refers to hosts", Doc: `What a hosts block says cannot depend on the list of all hosts, which is made from it.

    hosts "w[1-3]" { peers = [for h in hosts : h.address] }                                    # wrong
    hosts "w[1-3]" { peers = [for n in range(1, 4) : cidrhost("10.0.0.0/24", n)] }             # right`}

	TooManyClasses = &Kind{ID: "too-many-classes", Summary: "conditions split hosts too many ways", Doc: `Conditions (when) and loops (for_each) that use values of the host split the hosts of a block into classes, each with scripts of its own; more than eight ways are refused. Use class values (os, arch, roles), or pass the value as data.

    file "/etc/id" { for_each = toset([host.name]) }    # wrong: as many ways as hosts
    file "/etc/id" { content = "${host.index}" }        # right: one script, a value for each host`}

	DuplicateSetting = &Kind{ID: "duplicate-setting", Summary: "host setting declared twice", Doc: `Two modules declare a host_setting of the same name. Both places are shown.

    host_setting "rack" { type = string }     # in one module
    host_setting "rack" { type = number }     # wrong, in another of the same definition
    host_setting "unit" { type = number }     # right`}

	UnknownKind = &Kind{ID: "unknown-kind", Summary: "unknown resource kind", Doc: `A step has a block that is no resource kind of the library.

    fil  "/etc/motd" { content = "hello" }     # wrong
    file "/etc/motd" { content = "hello" }     # right`}

	WrongChoice = &Kind{ID: "wrong-choice", Summary: "attributes exclude each other", Doc: `Of a group of attributes exactly one, or at most one, may be given.

    file "/a" {
      content = "x"
      source  = "y"     # wrong: one of them
    }`}

	DuplicateResource = &Kind{ID: "duplicate-resource", Summary: "resource declared twice", Doc: `Two resources that run on the same host have the same kind and identity, so each would undo the other. Both places are shown.

    file "/etc/motd" { content = "a" }
    file "/etc/motd" { content = "b" }      # wrong
    file "/etc/issue" { content = "b" }     # right`}

	UnknownResource = &Kind{ID: "unknown-resource", Summary: "unknown resource", Doc: `notifies names a resource that no step of the plan has.

    notifies = [service["containrd.service"]]      # wrong
    notifies = [service["containerd.service"]]     # right: as its block is labelled`}

	UnknownStep = &Kind{ID: "unknown-step", Summary: "unknown step", Doc: `after names a step that does not exist. Steps are named MODULE/STEP; a step of the same module by its own name.

    after = ["containerd.install"]     # wrong
    after = ["containerd/install"]     # right`}

	UnknownStage = &Kind{ID: "unknown-stage", Summary: "unknown stage", Doc: `The stage of a step is none of the library's stages.

    stage = "prepar"      # wrong
    stage = "prepare"     # right`}

	StepCycle = &Kind{ID: "dependency-cycle", Summary: "steps wait for each other", Doc: `Steps come after each other in a circle, through after, outputs or their stages. The notes show the steps of the circle in order.

    step "a" { after = ["b"] }
    step "b" { after = ["a"] }     # wrong
    step "b" {}                    # right: one of them goes first`}

	MissingReady = &Kind{ID: "missing-ready", Summary: "nothing tells when a step on another host is done", Doc: `A step waits for a step that runs on other hosts, and that step has no ready block by which a waiting host could tell. Add ready { script = file("x.ready.sh") } to its exec, or gate = "runner" to the waiting step, which then is a barrier by hand.

    exec "init" {
      probe = file("init.probe.sh")
      act   = file("init.act.sh")
      ready { script = file("init.ready.sh") }     # wrong without it, if others wait for this
    }`}

	TemplateNames = &Kind{ID: "template-names", Summary: "template and its values do not match", Doc: `The free names of a template must be exactly the names given to it: one that is missing or never used is an error.

    content = template("a.tmpl", { root = "/a", rot = "/b" })     # wrong: a.tmpl uses ${root} only
    content = template("a.tmpl", { root = "/a" })                 # right`}

	UnreadableFile = &Kind{ID: "unreadable-file", Summary: "file cannot be read", Doc: `A file that a module or definition names cannot be read. Paths are relative to the module's folder, or the definition's.

    content = template("confg.tmpl", {})      # wrong
    content = template("config.tmpl", {})     # right`}

	EvenEtcd = &Kind{ID: "even-etcd", Summary: "even number of etcd members", Doc: `An even number of etcd members tolerates no more failures than one fewer, and can split in two halves. Use 1, 3, 5 or 7 hosts with the role etcd. While one of them is declared absent, the number of the others does not matter.

    hosts "cp[1-2]" { roles = ["control_plane", "etcd"] }     # wrong
    hosts "cp[1-3]" { roles = ["control_plane", "etcd"] }     # right`}

	NoHosts = &Kind{ID: "no-hosts", Summary: "definition without hosts", Doc: `A definition needs a cluster block and at least one hosts or host block.

    cluster "prod" {}                                   # wrong alone
    hosts "cp1" { roles = ["control_plane", "etcd"] }   # right: with it`}
)

var compilerKinds = []*Kind{
	UnknownRole, UnknownOS, UnknownArch, MissingFact, BadRange, DuplicateHost, DuplicateAddress, BadAddress, BadCIDR, OverlappingCIDR,
	BadEndpoint, UnknownVersion, VersionJump, URLCredentials, PlainSecret, UnknownComponent, UnknownModule, WrongSlot, DuplicateSlot, DuplicateModule, ModuleRequires, ModuleConflicts,
	MissingArgument, WrongType, InvalidValue, AboutStep, AssertFailed, InvalidExpression, UnknownName, UnknownFunction, ReferenceCycle, LateValue,
	LiveValue, HostsIterated, HostsInHosts, TooManyClasses, DuplicateSetting, UnknownKind, WrongChoice, DuplicateResource, UnknownResource, UnknownStep,
	UnknownStage, StepCycle, MissingReady, TemplateNames, UnreadableFile, EvenEtcd, NoHosts,
}

// CompilerKinds are the kinds that the compiler reports, for its tests.
func CompilerKinds() []*Kind { return append([]*Kind(nil), compilerKinds...) }
