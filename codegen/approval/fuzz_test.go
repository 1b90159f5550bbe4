package approval_test

import (
	"strings"
	"testing"

	"github.com/sprayc/sprayc/codegen/approval"
)

// Whatever is in a file, reading it does not panic, and what is read is not right by itself.
func FuzzParse(f *testing.F) {
	f.Add([]byte("-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"))
	f.Add([]byte("-----BEGIN SSH SIGNATURE-----\nU1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgIXY/kXqbhaFHEGvwHV8noCFI1Z\nisM8IFPrG7Am8xIR4AAAANYnVuZGxlQHNwcmF5YwAAAAAAAAAGc2hhNTEyAAAAUwAAAAtz\nc2gtZWQyNTUxOQAAAEDmXNCAem7MYAc/L3WUpLPO1ObDkDwq1tHHtqURCRCW5OWQxD6rum\nLAmoWHJ5b5AgjD+GGQVLiVaUP+s2QswtQA\n-----END SSH SIGNATURE-----\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := approval.Parse(data)
		if err != nil {
			return
		}
		if err := s.Verify([]byte("what nobody has signed"), approval.Namespace); err == nil {
			t.Errorf("taken: %q", data)
		}
	})
}

// A line of the allowed-signers file is a signer, a remark, or a diagnostic within the file.
func FuzzParseSigners(f *testing.F) {
	const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICF2P5F6m4WhRxBr8B1fJ6AhSNWYrDPCBT6xuwJvMSEe"
	f.Add("a " + key)
	f.Add(`a,b namespaces="x,y",valid-after="20260101",valid-before="20270101120000Z" ` + key + " c\n# d\n\nb cert-authority " + key)
	f.Fuzz(func(t *testing.T, text string) {
		signers, diags := approval.ParseSigners("f", []byte(text))
		for _, d := range diags {
			if from, to := d.Span.Start.Byte, d.Span.End.Byte; from < 0 || to < from || to > len(text) || strings.Contains(text[from:to], "\n") {
				t.Errorf("%q: %+v", text, d.Span)
			}
		}
		lines := 0
		for line := range strings.Lines(text + "\n") {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				lines++
			}
		}
		if len(signers.List)+len(diags) != lines {
			t.Errorf("%q: %d signers and %d diagnostics of %d lines", text, len(signers.List), len(diags), lines)
		}
		for _, s := range signers.List {
			if s.Key == nil || len(s.Principals) == 0 {
				t.Errorf("%q: %+v", text, s)
			}
		}
	})
}
