package fleet

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// inotifyInstances is what the module os wants on each host. All test hosts share their
// machine's, as one user has them; a kubelet that gets none ends.
const inotifyInstances = 8192

// raiseInotify raises the machine's limit, which never goes down.
func raiseInotify() error {
	const path = "/proc/sys/fs/inotify/max_user_instances"
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	have, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if have >= inotifyInstances {
		return nil
	}
	return os.WriteFile(path, []byte(strconv.Itoa(inotifyInstances)), 0o644)
}
