package runner

// mostDiffs is how much of the files of one host is kept, in bytes.
const mostDiffs = 1 << 20

// diff is a file's, if the host has not sent too many already.
func (h *hostRun) diff(event Event) Diff {
	d := Diff{Step: event.Step, Kind: event.Kind, Name: event.Name, Path: event.Path, Status: event.Status, Cut: max(0, event.Cut), Text: event.Text}
	if h.kept += len(d.Text); h.kept > mostDiffs {
		d.Status, d.Cut, d.Text = "withheld", 0, "what differs on this host is too much to keep"
	}
	return d
}
