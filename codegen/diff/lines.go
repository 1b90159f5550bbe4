package diff

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// short returns a value on one line; a long one by its size and digest.
func short(value string) string {
	if len(value) > 80 || strings.Contains(value, "\n") {
		return fmt.Sprintf("(%d bytes, sha256 %s)", len(value), bundle.Digest([]byte(value))[:12])
	}
	return visible(value)
}

// visible escapes what would break a line or drive a terminal.
func visible(s string) string {
	quoted := strconv.Quote(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}

// mostLines is how many lines of one text are shown.
const mostLines = 40

// lineDiff shows how two texts differ: the lines that are gone and new, by a
// longest common subsequence, without those around them.
func lineDiff(old, new string) []string {
	a, b := strings.Split(strings.TrimSuffix(old, "\n"), "\n"), strings.Split(strings.TrimSuffix(new, "\n"), "\n")
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	a, b = a[start:len(a)-end], b[start:len(b)-end]
	var lines []string
	if len(a)*len(b) > 1<<20 {
		lines = append(plain("- ", a), plain("+ ", b)...)
	} else {
		lines = common(a, b)
	}
	if len(lines) == 0 {
		return []string{"    ~ the newline at the end"}
	}
	if len(lines) > mostLines {
		more := len(lines) - mostLines
		lines = append(lines[:mostLines], fmt.Sprintf("    ... and %d lines more", more))
	}
	return lines
}

func plain(sign string, list []string) []string {
	var lines []string
	for _, text := range list {
		lines = append(lines, "    "+sign+visible(text))
	}
	return lines
}

// common walks the table of longest common subsequences.
func common(a, b []string) []string {
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var lines []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && length[i+1][j] >= length[i][j+1]:
			lines = append(lines, plain("- ", a[i:i+1])...)
			i++
		default:
			lines = append(lines, plain("+ ", b[j:j+1])...)
			j++
		}
	}
	return lines
}
