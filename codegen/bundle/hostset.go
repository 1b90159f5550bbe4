package bundle

import (
	"sort"
	"strconv"
	"strings"
)

// numbered is a host name with a number in it.
type numbered struct {
	before, after, digits string
	number                int
}

// HostSet writes host names short: cp[1-3], worker[001-250], nas. It is for
// people; the names come in natural order.
func HostSet(names []string) string {
	groups := map[string][]numbered{}
	padded := map[string]bool{}
	var parts []string
	for _, name := range names {
		n, ok := splitNumber(name)
		if !ok {
			groups[name] = nil
			continue
		}
		key := n.before + "\x00" + n.after
		groups[key] = append(groups[key], n)
		padded[key] = padded[key] || len(n.digits) > 1 && n.digits[0] == '0'
	}
	keys := make([]string, 0, len(groups))
	for key := range groups {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		group := groups[key]
		if group == nil {
			parts = append(parts, key)
			continue
		}
		parts = append(parts, ranges(group, padded[key])...)
	}
	return strings.Join(parts, ", ")
}

// splitNumber splits a name at its last number.
func splitNumber(name string) (numbered, bool) {
	end := strings.LastIndexAny(name, "0123456789") + 1
	start := end
	for start > 0 && '0' <= name[start-1] && name[start-1] <= '9' {
		start--
	}
	number, err := strconv.Atoi(name[start:end])
	return numbered{before: name[:start], after: name[end:], digits: name[start:end], number: number}, err == nil
}

// ranges joins names that differ in their number alone. With leading zeros the
// width of the number is part of the name.
func ranges(group []numbered, padded bool) []string {
	sort.Slice(group, func(i, j int) bool {
		if padded && len(group[i].digits) != len(group[j].digits) {
			return len(group[i].digits) < len(group[j].digits)
		}
		return group[i].number < group[j].number
	})
	var parts []string
	for i := 0; i < len(group); {
		j := i
		for j+1 < len(group) && group[j+1].number == group[j].number+1 &&
			(!padded || len(group[j+1].digits) == len(group[j].digits)) {
			j++
		}
		first, last := group[i], group[j]
		if i == j {
			parts = append(parts, first.before+first.digits+first.after)
		} else {
			parts = append(parts, first.before+"["+first.digits+"-"+last.digits+"]"+first.after)
		}
		i = j + 1
	}
	return parts
}
