package lang

import "github.com/zclconf/go-cty/cty"

// moduleBlocks are those of a module's files.
func moduleBlocks() []Block {
	text, list, anything := cty.String, cty.List(cty.String), cty.DynamicPseudoType
	typed := []Argument{
		{Name: "type", Type: anything, Summary: "string, number, list(string), object({ ... }), ...; by default any."},
		{Name: "default", Type: anything, Summary: "Without one it is required."},
		{Name: "description", Type: text, Summary: "What it is, for who uses the module."},
		{Name: "time", Type: text, Summary: "How late a value may be known: cluster, class or host."},
	}
	check := []Argument{
		{Name: "condition", Type: cty.Bool, Summary: "What must hold."},
		{Name: "message", Type: text, Summary: "What is said when it does not."},
		{Name: "problems", Type: anything, Summary: "In place of both: a list with an object for each thing that is wrong: message, fix, at."},
	}
	env := Argument{Name: "env", Type: anything, Summary: "The script's variables by name: the only way by which values reach it."}
	effects := Argument{Name: "effects", Type: anything, Summary: "What its commands do that its text does not tell: sprayc explain shell-undeclared-effect."}
	return []Block{
		{Name: "module", In: "module", Summary: "what the module is; a module has one",
			Arguments: []Argument{
				{Name: "summary", Type: text, Required: true, Summary: "What it is, in one line."},
				{Name: "slot", Type: text, Summary: "The slot that it fills."},
				{Name: "requires", Type: list, Summary: "Modules that must be there too."},
				{Name: "conflicts", Type: list, Summary: "Modules that must not."},
			}},
		{Name: "input", Label: "NAME", In: "module", Summary: "an argument of the block that uses the module; used as `input.NAME`",
			Arguments: append(typed[:len(typed):len(typed)], Argument{Name: "sensitive", Type: cty.Bool, Default: "false", Summary: `It takes only what is known while running, such as secret("env:NAME").`}),
			Others:    "`validation` blocks",
			Example: `input "port" {
  type        = number
  default     = 9100
  description = "Where it listens."
  validation {
    condition = input.port > 1023
    message   = "port is above 1023, not ${input.port}"
  }
}`},
		{Name: "host_setting", Label: "NAME", In: "module", Summary: "an attribute that hosts blocks get by the module; used as `host.NAME`", Arguments: typed, Others: "`validation` blocks",
			Example: `host_setting "rack" {
  type        = string
  default     = ""
  description = "Where it stands."
}`},
		{Name: "validation", In: "input", Summary: "what must hold for an input or a host setting: condition and message, or problems", Arguments: check},
		{Name: "locals", In: "module", Summary: "names for expressions, used as `local.NAME`", Others: "any name, with any expression"},
		{Name: "artifact", Label: "NAME", In: "module", Summary: "a download with its digest, from the catalog; used as `artifact.NAME`",
			Arguments: []Argument{
				{Name: "component", Type: text, Required: true, Summary: "Its name in the catalog."},
				{Name: "version", Type: text, Required: true, Summary: "An exact version; catalog.COMPONENT.default is the library's choice."},
			},
			Example: `artifact "crictl" {
  component = "crictl"
  version   = catalog.crictl.default
}`},
		{Name: "assert", In: "module", Summary: "as `validation`: checked for the cluster, or for each host when it uses `host`", Arguments: check,
			Example: `assert {
  condition = length(hosts) < 1000
  message   = "this is for less than 1000 hosts"
}`},
		{Name: "step", Label: "NAME", In: "module", Summary: "what the module does at one time", Others: "resources, in the order in which they are done, and `verify` blocks",
			Arguments: []Argument{
				{Name: "roles", Type: list, Required: true, Summary: "On which hosts: roles, or node (all that run a kubelet) or all."},
				{Name: "stage", Type: text, Required: true, Summary: "When, coarsely: the stages are in the standard library's page."},
				{Name: "after", Type: list, Summary: "Steps that come before: of this module by their names, of others as MODULE/STEP."},
				{Name: "before", Type: list, Summary: "Steps that come after it on the same host, named so: to stand between two steps of others."},
				{Name: "when", Type: cty.Bool, Summary: "Whether at all; may use host values."},
				{Name: "operations", Type: list, Default: `["converge"]`, Summary: "For which operations: a bundle of another has not this step. `operation` is the one that is compiled for, in any expression of a module."},
				{Name: "components", Type: list, Summary: `Of which components beside its module's own (its slot, or its name) an upgrade of these alone has the step: slots, names of modules, or "all".`},
				{Name: "commands", Type: list, Summary: "Programs that its scripts call, beside those that every host has."},
				{Name: "disruptive", Type: cty.Bool, Default: "false", Summary: "Its disruptive resources wait for a turn of the role's budget."},
				{Name: "once_per", Type: text, Summary: `"cluster": one host does it for all.`},
				{Name: "gate", Type: text, Default: `"ready"`, Summary: `How it waits for steps of other hosts: "ready" by their ready scripts, "runner" as a barrier that PLAN.md lists for who runs it by hand, "all" as such a barrier also for a host that runs those steps itself.`},
				{Name: "about", Type: anything, Summary: "host: the step is done for each host of its roles, by another."},
				{Name: "executor", Type: text, Summary: `Who does a step about a host: "role:control_plane", terms role:, os: and arch:.`},
				{Name: "summary", Type: text, Summary: "What it does, in one line."},
			},
			Example: `step "message" {
  roles = ["all"]
  stage = "prepare"

  file "/etc/motd" {
    content = "Managed; changes by hand are undone.\n"
  }
}`},
		{Name: "verify", Label: "TEXT", In: "step", Summary: "asks, each time, whether the outcome is there; also when nothing has changed",
			Arguments: []Argument{
				{Name: "script", Type: text, Required: true, Summary: `file("NAME.sh"): it reads only, and fails with a reason if what it asks is not so.`},
				env,
				{Name: "when", Type: cty.Bool, Summary: "Whether at all."},
				{Name: "reports", Type: text, Summary: `"certificates" or "status": it tells of certificates, or of how its host and the cluster stand, and is run when that is asked for (sprayc certificates, sprayc status, sprayc verify), not by plan and run. "versions": it tells with version which versions of the module's component are there and wanted, for an upgrade of others alone; a module with one is a component that can be upgraded alone. "requests": it tells with request of certificates that are to be signed elsewhere, for sprayc certificates requests.`},
				effects,
			}},
		{Name: "ready", In: "exec", Summary: "how a host that waits for this finds that it is there; runs on the one that waits",
			Arguments: []Argument{
				{Name: "script", Type: text, Required: true, Summary: `file("NAME.ready.sh"): status 0 when it is there.`},
				env,
				{Name: "timeout", Type: text, Summary: `How long it is asked, such as "10m".`},
				effects,
			}},
		{Name: "provide", Label: "NAME", In: "module", Summary: "what other modules see as `slot.SLOT.NAME`; the slot says which names there are",
			Arguments: []Argument{{Name: "value", Type: anything, Required: true, Summary: "Any expression."}}},
		{Name: "output", Label: "NAME", In: "module", Summary: "a value that is made while running, when a step's probe says that it is needed; used as `output.NAME`, from other modules `output.MODULE.NAME`",
			Arguments: []Argument{
				{Name: "script", Type: text, Required: true, Summary: `file("NAME.sh"): prints it.`},
				{Name: "pattern", Type: text, Required: true, Summary: "An extended regular expression that the whole of it matches."},
				{Name: "revoke", Type: text, Summary: "A script that makes it worth nothing, run when it is no longer needed."},
				env,
				{Name: "ttl", Type: text, Summary: `How long it holds, such as "30m".`},
				{Name: "secret", Type: cty.Bool, Default: "true", Summary: "Whether it is kept out of logs."},
				{Name: "roles", Type: list, Default: `["control_plane"]`, Summary: "Whose hosts make it."},
				{Name: "step", Type: text, Summary: "The step after which it can be made."},
				{Name: "members", Type: cty.Bool, Default: "false", Summary: "The value is the names of the hosts that the cluster has, a blank between each, and is nothing where there is no cluster. plan and run ask for it first, on one host, and are refused when the definition does not have one of them. It is no secret."},
				{Name: "refuses", Type: text, Default: `""`, Summary: "What to do when the definition is for another cluster than the one that is there. The value says in words what is wrong, is - where nothing is, and nothing where there is no cluster. plan and run ask for it first, on one host, and are refused with those words. It is no secret. Empty: it is not asked."},
				{Name: "copy_to", Type: text, Summary: "The value is a file, of which the script prints the path: when its step is done a copy is brought to this folder of the machine where sprayc runs."},
				{Name: "recipients", Type: list, Summary: "Public keys of age, for which that copy is encrypted on its way; it is never written without. Without any, or with copy_to empty, there is no copy."},
				effects,
			}},
	}
}
