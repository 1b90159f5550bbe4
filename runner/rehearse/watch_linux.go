package rehearse

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// watch is what the kernel tells of the programs that a host's run.sh starts: by
// fanotify(7), so that nothing that a script does can hide one.
type watch struct {
	mu    sync.Mutex
	names map[string][]string // of a program's file: the commands that lead to it
	ran   map[string]bool
}

// watchHost begins to watch the root of a host, given a process of it. The kernel
// asks before each start of a program, so that the one who starts it is still there
// to be looked at.
func watchHost(pid int) (*watch, error) {
	fd, err := unix.FanotifyInit(unix.FAN_CLASS_CONTENT|unix.FAN_CLOEXEC, unix.O_RDONLY|unix.O_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("fanotify: %w", err)
	}
	root := fmt.Sprintf("/proc/%d/root", pid)
	if err := unix.FanotifyMark(fd, unix.FAN_MARK_ADD|unix.FAN_MARK_MOUNT, unix.FAN_OPEN_EXEC_PERM, unix.AT_FDCWD, root); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("fanotify: %w", err)
	}
	w := &watch{ran: map[string]bool{}, names: commandFiles(root)}
	go w.read(fd)
	return w, nil
}

// commandFiles finds the file behind each command of a root.
func commandFiles(root string) map[string][]string {
	names := map[string][]string{}
	base, err := unix.Open(root, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return names
	}
	defer unix.Close(base)
	for _, folder := range strings.Split(hostPath, ":") {
		entries, err := os.ReadDir(filepath.Join(root, folder))
		if err != nil {
			continue
		}
		for _, entry := range entries {
			fd, err := unix.Openat2(base, filepath.Join(folder, entry.Name()), &unix.OpenHow{Flags: unix.O_PATH | unix.O_CLOEXEC, Resolve: unix.RESOLVE_IN_ROOT})
			if err != nil {
				continue
			}
			if path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd)); err == nil {
				names[path] = append(names[path], entry.Name())
			}
			unix.Close(fd)
		}
	}
	return names
}

func (w *watch) read(fd int) {
	const size = int(unsafe.Sizeof(unix.FanotifyEventMetadata{}))
	buffer := make([]byte, 1<<16)
	for {
		n, err := unix.Read(fd, buffer)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			unix.Close(fd) // whoever waits for an answer goes on
			return
		}
		for data := buffer[:n]; len(data) >= size; {
			event := (*unix.FanotifyEventMetadata)(unsafe.Pointer(&data[0]))
			if event.Fd >= 0 {
				w.see(int(event.Fd), int(event.Pid))
				answer := binary.NativeEndian.AppendUint32(binary.NativeEndian.AppendUint32(nil, uint32(event.Fd)), unix.FAN_ALLOW)
				_, _ = unix.Write(fd, answer)
				unix.Close(int(event.Fd))
			}
			data = data[min(int(event.Event_len), len(data)):]
		}
	}
}

// see notes a program that a shell that runs run.sh is about to become.
func (w *watch) see(fd, pid int) {
	starter, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || !bytes.Contains(starter, []byte("run.sh\x00")) {
		return
	}
	if path, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd)); err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ran[path] = true
	}
}

// list is the programs that were started: for each the commands that it may have
// been started as.
func (w *watch) list() [][]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out [][]string
	paths := map[string]string{}
	for path := range w.ran {
		paths[path] = ""
	}
	for _, path := range sorted(paths) {
		out = append(out, append([]string{filepath.Base(path)}, w.names[path]...))
	}
	return out
}
