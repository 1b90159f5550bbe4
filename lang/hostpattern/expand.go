package hostpattern

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxHosts is how many names one pattern may stand for.
const MaxHosts = 100_000

// Host is one name that a pattern stands for.
type Host struct {
	Name  string
	Index int
}

// Error is what is wrong with a pattern, and where: bytes of the pattern.
type Error struct {
	Offset, Length int
	Message, Fix   string
}

func (e *Error) Error() string { return e.Message }

// value is one value that a part can have.
type value struct {
	text   string
	number int
}

// Expand returns the names that a pattern stands for, in the order written. The
// error is an *Error.
func Expand(text string) ([]Host, error) {
	p, err := parse(text)
	if err != nil {
		return nil, err
	}
	parts := make([][]value, len(p.Parts))
	total, last := 1, -1
	for i, part := range p.Parts {
		values, err := part.values()
		if err != nil {
			return nil, err
		}
		if part.Range != nil {
			last = i
		}
		parts[i] = values
		total *= len(values)
		if total > MaxHosts {
			return nil, &Error{Length: len(text), Message: fmt.Sprintf("the pattern stands for more than %d hosts", MaxHosts), Fix: "write smaller ranges"}
		}
	}
	hosts := make([]Host, 0, total)
	at := make([]int, len(parts))
	for {
		hosts = append(hosts, name(parts, at, last, len(hosts)+1))
		if !next(parts, at) {
			break
		}
	}
	if last < 0 {
		numbered(hosts)
	}
	return hosts, distinct(hosts, text)
}

// numbered makes the indexes of names without a range the numbers that they end
// with, if all do: 7 of worker07.
func numbered(hosts []Host) {
	numbers := make([]int, len(hosts))
	for i, h := range hosts {
		at := strings.LastIndexFunc(h.Name, func(r rune) bool { return r < '0' || r > '9' }) + 1
		n, err := strconv.Atoi(h.Name[at:])
		if err != nil || n > 1<<31 {
			return
		}
		numbers[i] = n
	}
	for i, n := range numbers {
		hosts[i].Index = n
	}
}

func name(parts [][]value, at []int, last, count int) Host {
	var b strings.Builder
	h := Host{Index: count}
	for i, values := range parts {
		b.WriteString(values[at[i]].text)
		if i == last {
			h.Index = values[at[i]].number
		}
	}
	h.Name = b.String()
	return h
}

// next turns the parts on by one, the last fastest; false after the last.
func next(parts [][]value, at []int) bool {
	for i := len(parts) - 1; i >= 0; i-- {
		at[i]++
		if at[i] < len(parts[i]) {
			return true
		}
		at[i] = 0
	}
	return false
}

// distinct makes sure that no name comes out twice.
func distinct(hosts []Host, text string) error {
	seen := make(map[string]bool, len(hosts))
	for _, h := range hosts {
		if seen[h.Name] {
			return &Error{Length: len(text), Message: fmt.Sprintf("the pattern gives %s twice", h.Name), Fix: "make its ranges and lists disjoint"}
		}
		seen[h.Name] = true
	}
	return nil
}

func (p *part) values() (values []value, err error) {
	switch {
	case p.Range != nil:
		for _, it := range p.Range {
			more, err := it.values()
			if err != nil {
				return nil, err
			}
			if values = append(values, more...); len(values) > MaxHosts {
				return nil, it.wrong(fmt.Sprintf("the range has more than %d numbers", MaxHosts), "write a smaller range")
			}
		}
	case p.List != nil:
		for _, c := range p.List {
			values = append(values, value{text: strings.Join(c.Text, "")})
		}
	default:
		values = []value{{text: p.Text}}
	}
	return values, nil
}

func (it *item) wrong(message, fix string) *Error {
	length := len(it.First)
	if it.Last != "" {
		length += 1 + len(it.Last)
	}
	return &Error{Offset: it.Pos.Offset, Length: length, Message: message, Fix: fix}
}

// values are the numbers of a range, as wide as its first.
func (it *item) values() ([]value, error) {
	first, err := strconv.Atoi(it.First)
	last := first
	if err == nil && it.Last != "" {
		last, err = strconv.Atoi(it.Last)
	}
	switch {
	case err != nil || first > 1<<31 || last > 1<<31:
		return nil, it.wrong("the number is too large", "write a smaller one")
	case last < first:
		return nil, it.wrong(fmt.Sprintf("the range goes down, from %s to %s", it.First, it.Last), fmt.Sprintf("write [%s-%s]", it.Last, it.First))
	case last-first >= MaxHosts:
		return nil, it.wrong(fmt.Sprintf("the range has more than %d numbers", MaxHosts), "write a smaller range")
	case it.Last != "" && it.padded() && len(it.First) != len(it.Last):
		return nil, it.wrong("the numbers of a padded range have the same width", fmt.Sprintf("write [%s-%s]", pad(first, max(len(it.First), len(it.Last))), pad(last, max(len(it.First), len(it.Last)))))
	}
	width := 0
	if it.padded() {
		width = len(it.First)
	}
	values := make([]value, 0, last-first+1)
	for n := first; n <= last; n++ {
		values = append(values, value{pad(n, width), n})
	}
	return values, nil
}

// padded says whether a number has zeros before it: 01, not 0 and not 10.
func (it *item) padded() bool {
	return len(it.First) > 1 && it.First[0] == '0' || len(it.Last) > 1 && it.Last[0] == '0'
}

func pad(n, width int) string { return fmt.Sprintf("%0*d", width, n) }
