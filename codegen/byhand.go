package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// classCommand asks the host's file which class the host is of.
const classCommand = `class=$(sed -n "s/^SPRAY_CLASS='\(.*\)'\$/\1/p" "hosts/$host.env")`

// packCommands make HOST.tar of what the host $host gets, with plain tools.
var packCommands = []string{
	`host=HOST`,
	classCommand,
	`{`,
	`	sed 's/^[0-9a-f]*  //' "classes/$class.sha256"`,
	`	printf '%s\n' "classes/$class.sha256" "hosts/$host.env"`,
	`	[ ! -d "hosts/$host" ] || find "hosts/$host" -type f`,
	`	[ ! -d approvals ] || find bundle.sha256 approvals -type f`,
	`} | tar -cf "$host.tar" -T -`,
}

// copyCommands bring HOST.tar to the host, into a folder that is new.
var copyCommands = []string{`ssh HOST 'mkdir -m 0700 FOLDER && cat >FOLDER/HOST.tar' <HOST.tar`}

// unpackCommands unpack HOST.tar on the host, and check that what came is what was
// packed, against the digest that plan.json has. With -o the files are root's, who
// unpacks, whoever packed them.
var unpackCommands = []string{
	`host=HOST`,
	`tar -xof "$host.tar"`,
	classCommand,
	`{`,
	`	sha256sum "classes/$class.sha256"`,
	`	sed 1d "hosts/$host.env" | sha256sum | sed "s|-\$|hosts/$host.env|"`,
	`	[ ! -d "hosts/$host" ] || find "hosts/$host" -type f -exec sha256sum {} +`,
	`} | LC_ALL=C sort -k 2 | sha256sum # the digest of the host in plan.json`,
	`sha256sum -c "classes/$class.sha256"`,
}

// runCommands are what is called on the host then.
var runCommands = []string{
	`sh run.sh plan     # changes nothing; says what would change`,
	`sh run.sh apply    # makes it so`,
	`sh run.sh verify   # changes nothing; says what is not so, and asks what runs`,
}

// HandCommands are what a person types on a host that HOST.tar was copied to, as root
// and in an empty folder of root's: to unpack and check it, and then to run it. PLAN.md
// and the help of pack show the same.
func HandCommands() (unpack, run []string) {
	return slices.Clone(unpackCommands), slices.Clone(runCommands)
}

// byHand writes the commands to do it all without a runner. A program can follow it too
// (test/kubernetes does): the last sentence before commands says where they are for.
func (m *markdown) byHand(p *bundle.Plan, run string) {
	m.para("## By hand")
	m.para("Everything that the runner does can be done by hand, with the same result. *Here* is this folder, and one shell for all. *On* a host is there, as root, in FOLDER: write for it a path in a folder of root's where nothing is yet, the same on each host, and for HOST, MAKER and EXECUTOR names by which ssh reaches root there.")
	m.para("For one host alone, with its bundle there:")
	m.code(runCommands...)
	m.para("The whole cluster, in order. Where several hosts are named they may go at the same time, but of a role no more than its budget once they serve.")
	p = takingPart(p)
	var all []string
	for _, host := range p.Hosts {
		all = append(all, host.Name)
	}
	hosts := bundle.HostSet(all)
	m.para("### 1. the bundle")
	m.para("Pack what each gets (`sprayc pack HOST -o HOST.tar` does the same). Here, for each HOST of %s:", hosts)
	m.code(packCommands...)
	m.para("Copy it. Here, for each HOST of %s:", hosts)
	m.code(copyCommands...)
	m.para("Unpack and check it; the first digest is the host's in plan.json. On each HOST of %s:", hosts)
	m.code(unpackCommands...)
	m.trust(run)
	steps, first := waves(p), 2
	for i := range p.Outputs {
		if makers := makersOf(p, &p.Outputs[i]); p.Outputs[i].Members && len(makers) > 0 {
			m.members(first, liveName(p.Outputs[i].Name), makers)
			first++
		}
		if makers := makersOf(p, &p.Outputs[i]); p.Outputs[i].Refuses != "" && len(makers) > 0 {
			m.refuses(first, &p.Outputs[i], makers)
			first++
		}
	}
	for i, wave := range steps {
		m.wave(p, i+first, wave)
	}
	m.para("### %d. what runs is asked", len(steps)+first)
	m.para("On %s:", hosts)
	m.code("sh run.sh verify")
}

// takingPart is a plan without the hosts that nothing is run on.
func takingPart(p *bundle.Plan) *bundle.Plan {
	part := *p
	part.Hosts = slices.DeleteFunc(slices.Clone(p.Hosts), func(host bundle.Host) bool { return !p.TakesPart(&host) })
	return &part
}

// trust says how run.sh itself is checked, and whose word the rest is.
func (m *markdown) trust(run string) {
	m.para("run.sh checks the rest each time, and cannot check itself. There, before it is called: `printf '%%s  run.sh\\n' %s | sha256sum -c -`", run)
	m.para("When the bundle is approved (`sprayc approve`), one command asks whether WHO has signed approvals/FILE, and whether run.sh is what was signed: `%s`. A host that has /etc/sprayc/allowed_signers runs nothing else: run.sh asks the same of all files.", trustCommand)
}

// trustCommand checks run.sh on a host by a signature.
const trustCommand = `ssh-keygen -Y verify -n bundle@sprayc -f /etc/sprayc/allowed_signers -I WHO -s approvals/FILE <bundle.sha256 && grep '  run\.sh$' bundle.sha256 | sha256sum -c -`

// members says how the cluster is asked which hosts it has.
func (m *markdown) members(number int, name string, makers []string) {
	m.para("### %d. which hosts the cluster has", number)
	m.para("One of %s that is in the cluster prints their names; one that is in none prints nothing. Where a host of the cluster is not among those above, go no further: declare it with `state = \"absent\"` and a reason, and let it leave by `sprayc remove` first. On %s:", bundle.HostSet(makers), makers[0])
	m.code("sh run.sh output " + name)
}

// refuses says how the cluster is asked whether this is for it.
func (m *markdown) refuses(number int, o *bundle.Output, makers []string) {
	m.para("### %d. whether this is for the cluster that is there", number)
	m.para("One of %s that is in the cluster prints `-`, or what is wrong; one that is in none prints nothing. Where something is wrong, go no further: %s. On %s:", bundle.HostSet(makers), o.Refuses, makers[0])
	m.code("sh run.sh output " + liveName(o.Name))
}

// waves splits the steps where by hand one has to do something: at a step that
// runs once per cluster, that reads a live value, or that has a barrier.
func waves(p *bundle.Plan) [][]*bundle.Step {
	var all [][]*bundle.Step
	apart := false
	for i := range p.Steps {
		step := &p.Steps[i]
		alone := step.OncePer != "" || step.About
		barrier := slices.ContainsFunc(step.Needs, func(need bundle.Need) bool { return need.Gate == "runner" })
		if len(all) == 0 || apart || alone || barrier || len(step.Outputs) > 0 {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], step)
		apart = alone
	}
	return all
}

// wave writes one wave: what to see to before, then where to call what.
func (m *markdown) wave(p *bundle.Plan, number int, wave []*bundle.Step) {
	m.para("### %d. %s", number, waveTitle(wave))
	m.before(p, wave)
	takeBack := m.carry(p, wave[0])
	if wave[0].About {
		m.about(p, wave[0])
	} else {
		m.calls(p, wave)
	}
	if len(takeBack) > 0 {
		m.para("When these are done, take back what was made. Here, with the same MAKER:")
		m.code(takeBack...)
	}
}

// before writes what a wave waits for that no host can wait for by itself. A plan looks
// at what is there.
func (m *markdown) before(p *bundle.Plan, wave []*bundle.Step) {
	where, seen := whereDone(p), map[string]bool{}
	for _, step := range wave {
		for _, need := range step.Needs {
			if need.Gate != "runner" || seen[need.Step] {
				continue
			}
			seen[need.Step] = true
			m.para("First see that %s is done on %s of %s: there `sh run.sh plan %s` says that nothing would change.", need.Step, where[need.Step], strings.Join(need.Roles, ", "), need.Step)
		}
	}
}

// calls writes where to call what of a wave.
func (m *markdown) calls(p *bundle.Plan, wave []*bundle.Step) {
	lists := map[string][]string{}
	var order []string
	members := classMembers(p)
	for _, class := range p.Classes {
		var names []string
		for _, use := range class.Steps {
			if slices.ContainsFunc(wave, func(step *bundle.Step) bool { return step.Name == use.Step }) {
				names = append(names, use.Step)
			}
		}
		if len(names) == 0 || len(members[class.Name]) == 0 {
			continue
		}
		command := "sh run.sh apply " + strings.Join(names, " ")
		if lists[command] == nil {
			order = append(order, command)
		}
		lists[command] = append(lists[command], members[class.Name]...)
	}
	if wave[0].OncePer != "" && len(order) > 0 {
		m.para("Only when no host of %s has it already, and on one of them alone.", bundle.HostSet(lists[order[0]]))
		slices.Sort(lists[order[0]])
		lists[order[0]] = lists[order[0]][:1]
		order = order[:1]
	}
	for _, command := range order {
		m.para("On %s:", bundle.HostSet(lists[command]))
		m.code(command)
	}
}

// about says how a step about hosts is run for each of them.
func (m *markdown) about(p *bundle.Plan, step *bundle.Step) {
	members := classMembers(p)
	var whom, who []string
	named := func(uses []bundle.StepUse) bool {
		return slices.ContainsFunc(uses, func(use bundle.StepUse) bool { return use.Step == step.Name })
	}
	for _, class := range p.Classes {
		if named(class.Steps) {
			whom = append(whom, members[class.Name]...)
		}
		if named(class.Executes) {
			who = append(who, slices.DeleteFunc(slices.Clone(members[class.Name]), func(name string) bool { return p.Leaves(p.Host(name)) })...)
		}
	}
	m.para("Here, for each HOST of %s, with one EXECUTOR of %s, another than HOST if there is one:", bundle.HostSet(whom), bundle.HostSet(who))
	m.code("ssh EXECUTOR 'cat >FOLDER/about.env' <hosts/HOST.env", "ssh EXECUTOR 'cd FOLDER && sh run.sh apply --about about.env "+step.Name+"'")
}

// carry says how live values get to the hosts that read them in a wave, whose first step
// alone does, and returns the commands that take them back.
func (m *markdown) carry(p *bundle.Plan, step *bundle.Step) []string {
	if len(step.Outputs) == 0 {
		return nil
	}
	members := classMembers(p)
	var readers, takeBack []string
	for _, class := range p.Classes {
		uses := class.Steps
		if step.About {
			uses = class.Executes
		}
		if slices.ContainsFunc(uses, func(use bundle.StepUse) bool { return use.Step == step.Name }) {
			readers = append(readers, members[class.Name]...)
		}
	}
	hosts := bundle.HostSet(readers)
	if !step.About { // one about others is asked about each of them
		m.para("A host that needs %s says so: `needs the value NAME`. On %s:", strings.Join(step.Outputs, " or "), hosts)
		m.code("sh run.sh plan " + step.Name)
	}
	for _, id := range step.Outputs {
		takeBack = append(takeBack, m.carryOne(p, id, hosts)...)
	}
	return takeBack
}

// carryOne says it of one value. It is made once, for all that read it in the wave: a
// second one may make the first worthless.
func (m *markdown) carryOne(p *bundle.Plan, id, hosts string) []string {
	name := liveName(id)
	give := fmt.Sprintf("ssh HOST 'cd FOLDER && sh run.sh input %s'", name)
	i := slices.IndexFunc(p.Outputs, func(o bundle.Output) bool { return o.Name == id })
	if at := slices.IndexFunc(p.Secrets, func(s bundle.Secret) bool { return s.ID == id && s.Identity != "" }); at >= 0 {
		m.para("Here, for each HOST of %s that needs %s, which is in FILE, encrypted with age to who has IDENTITY:", hosts, name)
		m.code("age --decrypt --identity IDENTITY FILE | " + give)
		return nil
	}
	if i < 0 {
		m.para("Here, for each HOST of %s that needs %s, which is in FILE:", hosts, name)
		m.code(give + " <FILE")
		return nil
	}
	makers, after := makersOf(p, &p.Outputs[i]), ""
	if p.Outputs[i].Step != "" {
		after = " that has done " + p.Outputs[i].Step
	}
	m.para("If any needs %s, make it, once. Here, with one MAKER of %s%s:", name, bundle.HostSet(makers), after)
	m.code(fmt.Sprintf("live=$(ssh MAKER 'cd FOLDER && sh run.sh output %s')", name))
	m.para("Here, for each HOST of %s that needs %s:", hosts, name)
	m.code("printf '%s\\n' \"$live\" | " + give)
	if !p.Outputs[i].Revoke {
		return nil
	}
	return []string{fmt.Sprintf("ssh MAKER 'cd FOLDER && sh run.sh revoke %s'", name)}
}

// makersOf are the hosts that can make an output.
func makersOf(p *bundle.Plan, output *bundle.Output) (makers []string) {
	members := classMembers(p)
	for _, class := range p.Classes {
		if slices.ContainsFunc(output.Roles, func(role string) bool { return bundle.InRole(class.Roles, role) }) {
			makers = append(makers, members[class.Name]...)
		}
	}
	return makers
}

// waveTitle names what a wave does, by its stages.
func waveTitle(wave []*bundle.Step) string {
	if len(wave) == 1 {
		return wave[0].Name
	}
	var stages []string
	for _, step := range wave {
		if !slices.Contains(stages, step.Stage) {
			stages = append(stages, step.Stage)
		}
	}
	return strings.Join(stages, ", ")
}
