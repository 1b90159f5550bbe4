// Command bench measures the time from bare hosts to a cluster whose nodes are all Ready,
// by sprayc and by hand with kubeadm, on the same hosts in the same run:
//
//	go run ./test/kubernetes/bench [-servers N] [-workers N] [-rounds N] [-steps]
//
// By hand is byhand.sh: the same files, downloads and packages, hosts in parallel, without
// a check or a sleep. For each round and way the hosts are made anew; what they download
// is read once before, so that nobody comes first to a cold disk. Needs root.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/sprayc/sprayc/test/hosts/fleet"
	"github.com/sprayc/sprayc/test/kubernetes"
)

// phases are those of both ways, in order; each is done when the line with its name comes.
var phases = []string{"prepared", "founded", "joined", "Ready"}

// times say when each phase was done, from the beginning.
type times map[string]time.Duration

// way is one way to make the cluster of a fleet.
type way struct {
	name string
	make func(ctx context.Context, b *bench, f *fleet.Fleet) (times, error)
}

type bench struct {
	servers, workers int
	steps            bool // are printed
	version, sprayc  string
	folder           string // of this round
}

func main() {
	var b bench
	flag.IntVar(&b.servers, "servers", 3, "control planes")
	flag.IntVar(&b.workers, "workers", 2, "workers")
	flag.BoolVar(&b.steps, "steps", false, "print when each step of sprayc's ended on each host")
	rounds := flag.Int("rounds", 1, "how often each way is measured; the fastest counts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := b.run(ctx, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context, rounds int) error {
	folder, err := os.MkdirTemp("", "sprayc-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if b.version, err = kubernetes.Default(); err != nil {
		return err
	}
	b.sprayc = filepath.Join(folder, "sprayc")
	if err := command(ctx, ".", "go", "build", "-o", b.sprayc, "./cmd/sprayc"); err != nil {
		return err
	}
	if err := warm(kubernetes.Cache(".")); err != nil {
		return err
	}
	best := map[string]times{}
	ways := []way{{"by hand", byHand}, {"sprayc", bySprayc}}
	for round := range rounds {
		for i, way := range ways {
			b.folder = filepath.Join(folder, fmt.Sprintf("%d-%d", round, i))
			took, err := b.measure(ctx, way)
			if err != nil {
				return fmt.Errorf("%s: %w", way.name, err)
			}
			if best[way.name] == nil || took["Ready"] < best[way.name]["Ready"] {
				best[way.name] = took
			}
		}
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	fmt.Printf("%d control planes, %d workers, Kubernetes %s, rounds: %d, load average: %s\n", b.servers, b.workers, b.version, rounds, strings.Join(strings.Fields(string(load))[:3], " "))
	print(os.Stdout, best[ways[0].name], best[ways[1].name])
	return nil
}

// measure makes the cluster on hosts of its own.
func (b *bench) measure(ctx context.Context, way way) (took times, err error) {
	if err := os.MkdirAll(b.folder, 0o755); err != nil {
		return nil, err
	}
	f, err := fleet.Start(ctx, fleet.Options{
		Cache: kubernetes.Cache("."), Debian: b.servers + b.workers, Servers: b.servers, Artifacts: true, Kubernetes: []string{b.version},
	})
	if err != nil {
		return nil, err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := b.define(ctx, f); err != nil {
		return nil, err
	}
	return way.make(ctx, b, f)
}

// warm reads what hosts will download.
func warm(cache string) error {
	for _, folder := range []string{"files", "registry"} {
		err := filepath.WalkDir(filepath.Join(cache, "artifacts", folder), func(path string, entry fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil // before the first use
			}
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			file, err := os.Open(path)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = io.Copy(io.Discard, file)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// print writes both ways side by side, phase by phase.
func print(to io.Writer, hand, ours times) {
	fmt.Fprintf(to, "%-10s %10s %10s %8s\n", "phase", "by hand", "sprayc", "ratio")
	line := func(name string, a, b time.Duration) {
		fmt.Fprintf(to, "%-10s %8.1f s %8.1f s %8.2f\n", name, a.Seconds(), b.Seconds(), b.Seconds()/a.Seconds())
	}
	var a, b time.Duration
	for _, phase := range phases {
		line(phase, hand[phase]-a, ours[phase]-b)
		a, b = hand[phase], ours[phase]
	}
	line("in all", a, b)
	fmt.Fprintf(to, "sprayc ended, with its checks, after %.1f s\n", ours["end"].Seconds())
}
