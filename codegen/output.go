package codegen

import (
	"path"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/compiler/ir"
)

// outputPath returns where the script that makes an output stands.
func outputPath(output *ir.Output) string {
	return "steps/" + output.Module + "/" + path.Base(output.Name) + ".output.sh"
}

// outputScript makes the script that makes an output, and takes it back: the
// call of run.sh output NAME and run.sh revoke NAME.
func (b *build) outputScript(output *ir.Output) (*generated, error) {
	s := b.newScript(&ir.Step{Name: output.Name, Module: output.Module, Source: output.Source, Roles: output.Roles}, &ir.Variant{})
	c := &call{words: []string{"output"}}
	c.add(s.quote("the name", liveName(output.Name), output.Source))
	c.add(s.quote("the source", place(output.Source), output.Source))
	label := shellName(path.Base(output.Name))
	s.data.WriteByte('\n')
	c.named("pattern", s.assign(label, "pattern", output.Pattern, output.Source))
	if output.TTL > 0 {
		s.constant(c, "ttl", strconv.Itoa(output.TTL), output.Source)
	}
	s.constant(c, "secret", strconv.FormatBool(output.Secret), output.Source)
	if output.Copy != nil {
		s.constant(c, "file", "true", output.Source)
	}
	for _, part := range []struct {
		name   string
		script *ir.Script
	}{{"script", output.Script}, {"revoke", output.Revoke}} {
		if part.script == nil {
			continue
		}
		word, err := s.payload(part.script.Payload)
		if err != nil {
			s.fail(part.script.Source, err)
		}
		c.named(part.name, word)
		for _, arg := range part.script.Env {
			name := "env." + strings.TrimPrefix(arg.Name, "env.")
			if part.name == "revoke" {
				name = "revoke_" + name
			}
			s.named(c, name, s.value(label, name, arg.Value, arg.Source), arg.Source)
		}
	}
	s.logic.WriteString(c.text())
	return b.finish(s, outputPath(output), s.outputText(), nil)
}

// outputText puts the script of an output together.
func (s *script) outputText() string {
	text := s.text()
	text = strings.Replace(text, "\n# Step     ", "\n# Output   ", 1)
	text = strings.Replace(text, "main() {\n\tstep "+stepWord(s.step.Name)+"\n", "main() {\n", 1)
	return strings.Replace(text, "\tstep_end\n}\n", "}\n", 1)
}
