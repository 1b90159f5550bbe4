package receipt

import (
	"strings"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
	"github.com/sprayc/sprayc/lang/diag"
	"github.com/sprayc/sprayc/runner"
)

// Receipt is what the host has proven, now that it came out so.
func (r *Builder) Receipt(host runner.HostResult, ended time.Time) *Receipt {
	made := r.receipt
	made.Status, made.Reason, made.Ended = string(host.Status), clip(diag.Visible(host.Reason)), ended
	if made.Began.IsZero() {
		made.Began = ended
	}
	made.Settings = make([]Setting, 0, len(r.lines)+r.kept)
	told := map[string]bool{}
	for i := range r.lines {
		l := &r.lines[i]
		s := l.Setting
		if s.Status == Unread && s.Reason == "" {
			s.Reason = r.why(l, host)
		}
		made.Settings = append(made.Settings, s)
		if check := s.Step + "\x00" + s.Source; s.Kind == bundle.VerifyKind && !told[check] {
			told[check] = true
			made.Settings = append(made.Settings, r.found[check]...)
		}
	}
	made.Settings = append(made.Settings, r.extra...)
	if r.kept > most {
		made.Settings = append(made.Settings, Setting{Kind: SettingKind, Name: "what else the host has reported", Status: Unproven, Reason: "it is more than is kept"})
	}
	return &made
}

// why says why a thing was not read.
func (r *Builder) why(l *line, host runner.HostResult) string {
	if r.asked != nil && !r.asked[l.Step] {
		return "this run was not asked for its step"
	}
	well := host.Status == runner.HostOK || host.Status == runner.HostChanged
	switch r.steps[l.Step] {
	case "ok", "changed":
		if l.Kind == bundle.VerifyKind {
			return "nothing has changed since " + short(r.receipt.Digest) + " was verified; sprayc verify reads it"
		}
		return "its step ended without it"
	case "":
		if l.once && well {
			return "done once per cluster, on another host"
		}
	default:
		return "its step ended before it"
	}
	if reason, _, _ := strings.Cut(diag.Visible(host.Reason), "\n"); reason != "" {
		return clip("not reached: the host is " + string(host.Status) + ": " + reason)
	}
	return "not reached"
}

// short is as much of a digest as people compare.
func short(digest string) string {
	if digest == "" {
		return "this bundle"
	}
	return digest[:min(len(digest), 12)]
}
