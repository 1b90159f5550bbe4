# flatten(TEXT, IN): the leaves of a JSON text. path[IN, 1] to path[IN, leaves[IN]] are their
# paths, in the text's order, and at[IN, PATH] their values. A list of plain values is one
# leaf, with commas between them.
function flatten(text, into,   depth, sign, word, kind, above, name, named, items) {
	while (match(text, /[^ \t\r\n,:]/)) {
		text = substr(text, RSTART)
		sign = substr(text, 1, 1)
		if (sign == "}" || sign == "]") {
			text = substr(text, 2)
			depth--
			continue
		}
		if (sign == "\"") match(text, /^"([^"\\]|\\.)*"/)
		else if (sign == "{" || sign == "[") RLENGTH = 1
		else match(text, /^[-+.A-Za-z0-9]+/)
		if (RLENGTH < 1) return
		word = substr(text, 1, RLENGTH)
		text = substr(text, RLENGTH + 1)
		if (sign == "\"") word = plain(substr(word, 2, length(word) - 2))
		if (depth && kind[depth] == "{" && !named[depth]) {
			name[depth] = above[depth] == "" ? word : above[depth] "." word
			named[depth] = 1
			continue
		}
		named[depth] = 0
		if (sign == "{" || sign == "[") {
			above[depth + 1] = !depth ? "" : kind[depth] == "{" ? name[depth] : above[depth] "." items[depth]++
			depth++
			kind[depth] = sign
			items[depth] = named[depth] = 0
		} else if (!depth) {
			return
		} else if (kind[depth] == "{") {
			leaf(into, name[depth], word)
		} else if ((into, above[depth]) in at) {
			at[into, above[depth]] = at[into, above[depth]] "," word
		} else {
			leaf(into, above[depth], word)
		}
	}
}

function leaf(into, of, word) {
	path[into, ++leaves[into]] = of
	at[into, of] = word
}

# plain(TEXT): a JSON string without its escapes.
function plain(text) {
	if (index(text, "\\")) {
		gsub(/\\u003c/, "<", text)
		gsub(/\\u003e/, ">", text)
		gsub(/\\u0026/, "\\&", text)
		gsub(/\\"/, "\"", text)
		gsub(/\\\\/, "\\", text)
	}
	return text
}

# same(A, B): the same value, though perhaps in other words: 5m and 5m0s, 1024Mi and 1Gi.
function same(a, b) { return a "" == b "" || amount(a) != "" && amount(a) == amount(b) }

# amount(TEXT): a duration in seconds, or a quantity as a number; empty for another text.
function amount(text,   sum, number) {
	if (text ~ /^([0-9.]+(ns|us|ms|s|m|h))+$/) {
		while (match(text, /^[0-9.]+/)) {
			number = substr(text, 1, RLENGTH)
			text = substr(text, RLENGTH + 1)
			match(text, /^[a-z]+/)
			sum += number * second[substr(text, 1, RLENGTH)]
			text = substr(text, RLENGTH + 1)
		}
		return sprintf("%.6f s", sum)
	}
	if (text !~ /^[0-9.]+([kMGTPE]|[KMGTPE]i)?$/) return ""
	match(text, /^[0-9.]+/)
	return sprintf("%.3f", substr(text, 1, RLENGTH) * (RLENGTH == length(text) ? 1 : many[substr(text, RLENGTH + 1)]))
}

BEGIN {
	second["ns"] = 0.000000001; second["us"] = 0.000001; second["ms"] = 0.001; second["s"] = 1; second["m"] = 60; second["h"] = 3600
	many["k"] = 1000; many["M"] = 1000000; many["G"] = 1000000000; many["T"] = 1000000000000
	many["Ki"] = 1024; many["Mi"] = 1048576; many["Gi"] = 1073741824; many["Ti"] = 1099511627776
}
