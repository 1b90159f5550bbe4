package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	program := flag.String("sprayc", "bin/sprayc", "the program to measure")
	hosts := flag.String("hosts", "1,5,20", "numbers of hosts to run the workload on; empty for none")
	scale := flag.String("scale", "3,100,1000,5000", "numbers of hosts to check and build; empty for none")
	rounds := flag.Int("rounds", 3, "how often each is measured; the median counts")
	ansible := flag.Bool("ansible", true, "measure Ansible too, if it is installed")
	flag.Parse()
	if err := bench(*program, *scale, *hosts, *rounds, *ansible); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(program, scale, hosts string, rounds int, ansible bool) error {
	program, err := filepath.Abs(program)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sprayc-bench.")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	sizes, err := numbers(scale)
	if err != nil {
		return err
	}
	if len(sizes) > 0 {
		if err := measureScale(program, dir, sizes, rounds); err != nil {
			return err
		}
	}
	sizes, err = numbers(hosts)
	if err != nil || len(sizes) == 0 {
		return err
	}
	return measureRuns(program, dir, sizes, rounds, ansible)
}

func numbers(list string) ([]int, error) {
	var out []int
	for _, field := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		n, err := strconv.Atoi(field)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number of hosts", field)
		}
		out = append(out, n)
	}
	return out, nil
}
