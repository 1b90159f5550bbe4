package bundle

import "testing"

func TestHostSet(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{nil, ""},
		{[]string{"nas"}, "nas"},
		{[]string{"cp3", "cp1", "cp2"}, "cp[1-3]"},
		{[]string{"cp9", "cp10", "cp11"}, "cp[9-11]"},
		{[]string{"w01", "w02", "w04", "w09", "w10"}, "w[01-02], w04, w[09-10]"},
		{[]string{"w01", "w1", "w2"}, "w[1-2], w01"},
		{[]string{"r1n1", "r1n2", "r2n1"}, "r1n[1-2], r2n1"},
		{[]string{"a1.x", "a2.x", "a3.y", "b"}, "a[1-2].x, a3.y, b"},
		{[]string{"x99999999999999999999"}, "x99999999999999999999"},
	} {
		if got := HostSet(c.names); got != c.want {
			t.Errorf("HostSet(%q) = %q, want %q", c.names, got, c.want)
		}
	}
}
