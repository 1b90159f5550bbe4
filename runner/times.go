package runner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// mostTimes is how many times of a step a host tells, and longest the longest that is
// believed.
const (
	mostTimes = 5
	longest   = 120 * 24 * time.Hour
)

// parseTimes reads times in tenths of a second, the newest first.
func parseTimes(text string) ([]time.Duration, error) {
	var times []time.Duration
	for _, field := range strings.Fields(text) {
		tenths, err := strconv.ParseUint(field, 10, 32)
		if err != nil || time.Duration(tenths)*time.Second/10 > longest {
			return nil, fmt.Errorf("%q is no time of a step", field)
		}
		times = append(times, time.Duration(tenths)*time.Second/10)
	}
	if len(times) == 0 || len(times) > mostTimes {
		return nil, fmt.Errorf("%d times of a step, of 1 to %d", len(times), mostTimes)
	}
	return times, nil
}

// experience is how long steps took in earlier runs, as the hosts tell.
type experience struct {
	mu    sync.Mutex
	hosts map[string]map[string][]time.Duration
	steps map[string][]time.Duration // of all hosts, see sum
}

// learn takes in what a host tells of a step.
func (x *experience) learn(host, step string, times []time.Duration) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.hosts[host] == nil {
		x.hosts[host] = map[string][]time.Duration{}
	}
	x.hosts[host][step] = slices.Sorted(slices.Values(times))
}

// sum is after all hosts have told.
func (x *experience) sum() {
	x.steps = map[string][]time.Duration{}
	for _, steps := range x.hosts {
		for step, times := range steps {
			x.steps[step] = append(x.steps[step], times...)
		}
	}
	for _, times := range x.steps {
		slices.Sort(times)
	}
}

// of is how long a step takes on a host: the median of what it took there, or of what it
// took on others; slowest is the longest. Both are 0 when it has run nowhere.
func (x *experience) of(step, host string) (usual, slowest time.Duration) {
	times := x.hosts[host][step]
	if len(times) == 0 {
		times = x.steps[step]
	}
	if len(times) == 0 {
		return 0, 0
	}
	return times[len(times)/2], times[len(times)-1]
}
