package runner

import (
	"sync"
	"time"

	"github.com/sprayc/sprayc/codegen/bundle"
)

// stageClock measures stages.
type stageClock struct {
	mu    sync.Mutex
	order []string
	of    map[string]string // step -> stage
	first map[string]time.Time
	last  map[string]time.Time
}

func newStageClock(plan *bundle.Plan) *stageClock {
	c := &stageClock{order: plan.Stages, of: map[string]string{}, first: map[string]time.Time{}, last: map[string]time.Time{}}
	for _, step := range plan.Steps {
		c.of[step.Name] = step.Stage
	}
	return c
}

// see notes that a step begins or ends now, and returns its stage.
func (c *stageClock) see(step string, now time.Time) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	stage := c.of[step]
	if _, ok := c.first[stage]; !ok {
		c.first[stage] = now
	}
	c.last[stage] = now
	return stage
}

func (c *stageClock) times() []StageTime {
	c.mu.Lock()
	defer c.mu.Unlock()
	var times []StageTime
	for _, stage := range c.order {
		if first, ok := c.first[stage]; ok {
			times = append(times, StageTime{Stage: stage, Duration: c.last[stage].Sub(first)})
		}
	}
	return times
}
