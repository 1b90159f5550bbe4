package diag

import "sort"

// Kinds returns every kind of diagnostic, sorted by ID. A kind is declared in
// the file named after the part of the program that reports it.
func Kinds() []*Kind {
	var all []*Kind
	for _, group := range [][]*Kind{langKinds, compilerKinds, shellKinds, runnerKinds, approvalKinds} {
		all = append(all, group...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].ID < all[j].ID })
	return all
}

// LangKinds are the kinds that reading the language reports.
func LangKinds() []*Kind { return append([]*Kind(nil), langKinds...) }
