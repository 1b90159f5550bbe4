package acts

import "strings"

// options are the options of a command that its handler knows: each changes nothing, or
// the handler looks for it. With any other, what the command does is not told.
type options struct {
	flags, valued    string // letters, without and with a value
	optional         string // letters whose value can only stand in the same word
	long, longValued string // names, as --silent
	first            bool   // what is behind the first operand is no option
}

// optionsOf are the options of commands that have some with which they do something else.
var optionsOf = map[string]options{
	"awk": {valued: "Fv", first: true},
	"cp": {flags: "abdfiHlLnpPrRsTuvx", valued: "tS", longValued: "--target-directory --suffix",
		long: "--archive --attributes-only --backup --dereference --force --link --no-clobber --no-dereference --no-preserve --no-target-directory --one-file-system --parents --preserve --recursive --reflink --remove-destination --sparse --symbolic-link --update --verbose"},
	"curl": {flags: "0123456afgGiIjkLnNOpqRsSvVZ#", valued: "ACdEFHmorTuUwxXyYz", longValued: strings.Join(curlValued, " "),
		long: "--anyauth --basic --compressed --create-dirs --digest --disable --fail --fail-early --fail-with-body --get --globoff --head --http1.1 --http2 --include --insecure --ipv4 --ipv6 --location --no-buffer --no-keepalive --no-progress-meter --no-sessionid --parallel --path-as-is --remote-name --remote-time --remove-on-error --retry-all-errors --retry-connrefused --show-error --silent --ssl-reqd --tlsv1 --tlsv1.2 --tlsv1.3 --verbose --version"},
	"ln":   {flags: "bfiLnPrsTv", valued: "tS", long: "--force --no-dereference --no-target-directory --relative --symbolic --verbose", longValued: "--target-directory"},
	"mv":   {flags: "bfinTuv", valued: "tS", long: "--force --no-clobber --no-target-directory --update --verbose", longValued: "--target-directory"},
	"sed":  {flags: "nErsuz", valued: "e", optional: "i", long: "--quiet --silent --regexp-extended --in-place --null-data --separate --unbuffered --posix", longValued: "--expression"},
	"sort": {flags: "bcCdfghimMnrRsuVz", valued: "koStT", long: "--check --merge --numeric-sort --reverse --stable --unique --version-sort --zero-terminated", longValued: "--key --output --field-separator --buffer-size"},
	"systemctl": {flags: "aflqrT", valued: "pPtnos", longValued: "--property --lines --type --output --signal --state --kill-whom --kill-who --job-mode --what",
		long: "--all --force --full --no-ask-password --no-block --no-legend --no-pager --no-reload --no-wall --now --plain --quiet --recursive --reverse --runtime --show-types --system --value --version --wait"},
	"uniq": {flags: "cdDiuz", valued: "fsw", long: "--count --repeated --unique --ignore-case --zero-terminated"},
	"wget": {flags: "46cqS", valued: "OtT", long: "--continue --no-check-certificate --no-proxy --no-verbose --quiet --server-response --spider", longValued: "--ca-certificate --header --output-document --timeout --tries --user-agent"},
}

// spell gives each option a word of its own, and its value the next one. It reports whether
// all of them are known.
func (c *command) spell(o options) bool {
	var out []argument
	well := true
	word := func(text string) { out = append(out, argument{values: values{text}}) }
	for i := 0; i < len(c.args); i++ {
		arg := c.args[i]
		value := ""
		if len(arg.values) == 1 && !arg.many {
			value = arg.values[0]
		}
		next := func() {
			if i+1 < len(c.args) {
				i++
				out = append(out, c.args[i])
			}
		}
		switch {
		case value == "--" || o.first && !strings.HasPrefix(value, "-"):
			c.args = append(out, c.args[i:]...)
			return well
		case strings.HasPrefix(value, "--"):
			name, _, given := strings.Cut(value, "=")
			valued := contains(strings.Fields(o.longValued), name)
			well = well && (valued || contains(strings.Fields(o.long), name))
			out = append(out, arg)
			if valued && !given {
				next()
			}
		case len(value) > 1 && value[0] == '-':
			letters := value[1:]
			for letters != "" {
				letter := letters[:1]
				letters = letters[1:]
				word("-" + letter)
				switch {
				case strings.Contains(o.flags, letter):
					continue
				case strings.Contains(o.valued, letter) && letters != "":
					word(letters)
				case strings.Contains(o.valued, letter):
					next()
				case !strings.Contains(o.optional, letter):
					well = false
				}
				letters = ""
			}
		default:
			well = well && o.has(arg.values)
			out = append(out, arg)
		}
	}
	c.args = out
	return well
}

// has reports whether those of several values that are options are known, each as a word
// of its own.
func (o options) has(list values) bool {
	for _, value := range list {
		name, _, _ := strings.Cut(value, "=")
		switch {
		case len(value) < 2 || value[0] != '-' || value == "--":
		case value[1] == '-' && !contains(strings.Fields(o.long+" "+o.longValued), name):
			return false
		case value[1] != '-' && !(len(value) == 2 && strings.Contains(o.flags+o.valued+o.optional, value[1:])):
			return false
		}
	}
	return true
}

// withValue are the options that have a value, as operands wants them.
func (o options) withValue() []string {
	list := strings.Fields(o.longValued)
	for _, letter := range o.valued {
		list = append(list, "-"+string(letter))
	}
	return list
}
