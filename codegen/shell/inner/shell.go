package inner

import "slices"

// Shell reports whether a command of this name reads shell.
func Shell(name string) bool { return slices.Contains([]string{"sh", "ash", "dash", "bash"}, name) }

// Text returns which of the words behind sh is a text to run; -1 for none: it runs a file, or
// what it reads.
func Text(words []string) int {
	is := false
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch {
		case word == "--" || word == "-" || len(word) < 2 || word[0] != '-' && word[0] != '+':
			if word == "--" || word == "-" {
				i++
			}
			if is && i < len(words) {
				return i
			}
			return -1
		case word[len(word)-1] == 'o': // set -o NAME
			i++
		}
		is = is || word[0] == '-' && word[1] != '-' && slices.Contains([]byte(word), 'c')
	}
	return -1
}

// Runs reports whether find runs the words behind this one, up to a ; or +.
func Runs(word string) bool {
	return slices.Contains([]string{"-exec", "-execdir", "-ok", "-okdir"}, word)
}
