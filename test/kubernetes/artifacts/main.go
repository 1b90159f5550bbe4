// Command artifacts builds what clusters of the tests are made of, and lists it:
//
//	go run ./test/kubernetes/artifacts [-cache FOLDER] [-serve] [-all] [-conformance] [VERSION...]
//
// VERSION is one of Kubernetes; without one it is the catalog's default. With -serve it
// serves all on this machine's loopback until it is interrupted, and prints the mirror
// block and the catalog for a definition. With -all it builds the older versions of the tests
// too, with -conformance Kubernetes' own conformance tests and their images.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/sprayc/sprayc/test/hosts/images"
	"github.com/sprayc/sprayc/test/kubernetes"
)

func main() {
	cache := flag.String("cache", kubernetes.Cache("."), "folder for what is made once")
	serve := flag.Bool("serve", false, "serve until interrupted")
	all := flag.Bool("all", false, "build the older versions of the tests too")
	conformance := flag.Bool("conformance", false, "build the conformance tests too")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *cache, *serve, *all, *conformance, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "artifacts:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cache string, serve, all, conformance bool, versions []string) error {
	if serve {
		server, err := kubernetes.Start(ctx, cache, versions...)
		if err != nil {
			return err
		}
		defer server.Close()
		fmt.Printf("%s\n%s\n", server.HCL(), server.Downloads.Catalog())
		<-ctx.Done()
		return nil
	}
	if all && len(versions) == 0 {
		version, err := kubernetes.Default()
		if err != nil {
			return err
		}
		versions = append([]string{version}, kubernetes.Older...)
	}
	made, err := kubernetes.Build(ctx, cache, versions...)
	if err != nil {
		return err
	}
	for _, file := range made.Downloads.Artifacts {
		fmt.Printf("%-12s %-8s %9d  %s\n", file.Component, file.Version, file.Size, file.Path)
	}
	list := made.Images
	if conformance {
		programs, more, missing, err := images.Conformance(ctx, cache, made.Version)
		if err != nil {
			return err
		}
		list = append(list, more...)
		fmt.Printf("conformance tests: %s; they also know images that are not made here: %s\n", strings.Join(programs, " "), strings.Join(missing, " "))
	}
	for _, image := range list {
		fmt.Printf("image %9d  %s@%s\n", image.Size, image.Reference, image.Digest)
	}
	return nil
}
