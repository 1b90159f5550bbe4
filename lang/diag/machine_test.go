package diag

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ours is a repository in whose folder "deploy" the files are.
var ours = Repository{Version: "1.2.3", Path: func(file string) string {
	if strings.HasPrefix(file, "/") {
		return file
	}
	return "deploy/" + file
}}

// several are diagnostics of every sort: wide letters before, several lines,
// another place, none at all, the built-in library, another repository.
func several() List {
	at := func(part string) Span { return span("prod.hcl", prod, part) }
	return List{
		{Kind: UnknownRole, Span: at(`"etdc"`), Label: "100 %: a, b", Fix: "write it"},
		{Kind: DuplicateBlock, Span: Span{"prod.hcl", Pos{3, 1, 19}, Pos{4, 3, 39}}, Label: "again", Notes: []Note{{at("cluster"), "first here"}}},
		{Kind: UnknownOS, Span: at("-12"), Label: "one\ntwo \x1b"},
		{Kind: warning, Span: Span{File: "stdlib/modules/a b/module.hcl"}, Label: "x"},
		{Kind: warning, Span: Span{File: "/else,where:1/x.hcl", Start: Pos{Line: 2, Column: 3}}, Label: "x"},
		{Kind: NoDefinition, Label: "here is none", Fix: "write one"},
	}
}

func TestWriteGitHub(t *testing.T) {
	var out bytes.Buffer
	if err := WriteGitHub(&out, several(), sources, ours); err != nil {
		t.Fatal(err)
	}
	want := `::error file=deploy/prod.hcl,line=4,col=29,endLine=4,endColumn=34,title=sprayc%3A unknown-role::deploy/prod.hcl:4:29: unknown role: 100 %25: a, b%0Afix: write it
::error file=deploy/prod.hcl,line=3,endLine=4,title=sprayc%3A duplicate-block::deploy/prod.hcl:3:1: block given twice: again%0Adeploy/prod.hcl:1:1: first here
::error file=deploy/prod.hcl,line=5,col=14,endLine=5,endColumn=16,title=sprayc%3A unknown-os::deploy/prod.hcl:5:14: unknown operating system: one%0Atwo <U+001B>
::warning file=stdlib/modules/a b/module.hcl,title=sprayc%3A some-warning::stdlib/modules/a b/module.hcl: some warning: x
::warning file=/else%2Cwhere%3A1/x.hcl,line=2,col=3,endLine=2,endColumn=3,title=sprayc%3A some-warning::/else,where:1/x.hcl:2:3: some warning: x
::error title=sprayc%3A no-definition::no definition here: here is none%0Afix: write one
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

func TestWriteSARIF(t *testing.T) {
	var out bytes.Buffer
	if err := WriteSARIF(&out, several(), sources, ours); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	dec := json.NewDecoder(bytes.NewReader(out.Bytes()))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	rule := func(k *Kind) sarifRule {
		doc := strings.TrimSpace(k.Doc)
		return sarifRule{ID: k.ID, ShortDescription: sarifText{Text: k.Summary}, Help: sarifText{Text: doc, Markdown: doc}, Default: sarifRuleConfig{k.Severity.String()}}
	}
	rules := []sarifRule{rule(DuplicateBlock), rule(NoDefinition), rule(warning), rule(UnknownOS), rule(UnknownRole)}
	if diff := cmp.Diff(sarifDriver{Name: "sprayc", Version: "1.2.3", Rules: rules}, run.Tool.Driver); diff != "" {
		t.Error(diff)
	}
	at := func(uri, base string, region *sarifRegion) sarifLocation {
		return sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{uri, base}, Region: region}}
	}
	first := at("deploy/prod.hcl", sarifRoot, &sarifRegion{1, 1, 1, 8})
	zero := 0
	first.ID, first.Message = &zero, &sarifText{Text: "first here"}
	want := []sarifResult{
		{RuleID: "unknown-role", RuleIndex: 4, Level: "error", Message: sarifText{Text: "unknown role: 100 %: a, b\nfix: write it"},
			Locations: []sarifLocation{at("deploy/prod.hcl", sarifRoot, &sarifRegion{4, 29, 4, 35})}},
		{RuleID: "duplicate-block", RuleIndex: 0, Level: "error", Message: sarifText{Text: "block given twice: again"},
			Locations: []sarifLocation{at("deploy/prod.hcl", sarifRoot, &sarifRegion{3, 1, 4, 3})}, Related: []sarifLocation{first}},
		{RuleID: "unknown-os", RuleIndex: 3, Level: "error", Message: sarifText{Text: "unknown operating system: one\ntwo <U+001B>"},
			Locations: []sarifLocation{at("deploy/prod.hcl", sarifRoot, &sarifRegion{5, 14, 5, 17})}},
		{RuleID: "some-warning", RuleIndex: 2, Level: "warning", Message: sarifText{Text: "some warning: x"},
			Locations: []sarifLocation{at("stdlib/modules/a%20b/module.hcl", sarifLibrary, nil)}},
		{RuleID: "some-warning", RuleIndex: 2, Level: "warning", Message: sarifText{Text: "some warning: x"},
			Locations: []sarifLocation{at("file:///else,where:1/x.hcl", "", &sarifRegion{2, 3, 2, 3})}},
	}
	if diff := cmp.Diff(want, run.Results); diff != "" {
		t.Error(diff)
	}
	notes := []sarifNotification{{sarifDescriptor{"no-definition"}, "error", sarifText{Text: "no definition here: here is none\nfix: write one"}}}
	if diff := cmp.Diff([]sarifInvocation{{true, notes}}, run.Invocations); diff != "" {
		t.Error(diff)
	}
	bases := map[string]sarifBase{sarifRoot: {sarifText{Text: "the root of the repository"}}, sarifLibrary: {sarifText{Text: "the library that is built into sprayc"}}}
	if diff := cmp.Diff(bases, run.Bases); diff != "" || log.Version != "2.1.0" || run.ColumnKind != "unicodeCodePoints" {
		t.Error(log.Version, run.ColumnKind, diff)
	}
}

// Without diagnostics there is a run all the same, with empty lists and no null:
// what was there before is fixed.
func TestWriteSARIFEmpty(t *testing.T) {
	var out, compact bytes.Buffer
	if err := WriteSARIF(&out, nil, nil, ours); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&compact, out.Bytes()); err != nil {
		t.Fatal(err)
	}
	want := `{"$schema":"` + sarifSchema + `","version":"2.1.0","runs":[{"tool":{"driver":{"name":"sprayc","version":"1.2.3","rules":[]}},` +
		`"originalUriBaseIds":{"%SRCROOT%":{"description":{"text":"the root of the repository"}}},"columnKind":"unicodeCodePoints",` +
		`"invocations":[{"executionSuccessful":true}],"results":[]}]}`
	if diff := cmp.Diff(want, compact.String()); diff != "" {
		t.Error(diff)
	}
}
