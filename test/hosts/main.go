// Command hosts makes test hosts.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/sprayc/sprayc/test/hosts/roots"
)

func main() {
	r, err := roots.Rocky(context.Background(), ".cache")
	fmt.Println(r, err)
	if err != nil {
		os.Exit(1)
	}
}
