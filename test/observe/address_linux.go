package observe

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// addressSize is how much of a socket's address is told: a path of Unix sockets may be
// longer by some bytes.
const addressSize = 96

// addressed are the system calls that say an address, with where their pointers to it and
// its length are among the arguments, or a pointer to a struct msghdr that has both.
var addressed = []struct {
	call            string
	address, length int16
	inside          bool
}{
	{call: "connect", address: 1, length: 2},
	{call: "bind", address: 1, length: 2},
	{call: "sendto", address: 4, length: 5},
	{call: "sendmsg", address: 1, inside: true},
	{call: "sendmmsg", address: 1, inside: true},
}

// What bpf(2) is told, by the names of linux/bpf.h.
const (
	programTracepoint  = 5
	helperProbeUser    = 112 // bpf_probe_read_user
	helperTraceVPrintk = 177 // bpf_trace_vprintk
)

// instruction is a struct bpf_insn.
type instruction struct {
	op        uint8
	registers uint8 // destination in the lower half
	offset    int16
	value     int32
}

// tellAddress is a program that writes the name of its system call and the first bytes of the
// address into the kernel's trace.
func tellAddress(call string, address, length int16, inside bool) []instruction {
	const (
		r0, r1, r2, r3, r4, r6, frame = 0, 1, 2, 3, 4, 6, 10

		load, load32, store, storeValue     = 0x79, 0x61, 0x7b, 0x7a
		move, moveValue, addValue, wide     = 0xbf, 0xb7, 0x07, 0x18
		callHelper, exit, ifIs, ifNot, ifLE = 0x85, 0x95, 0x15, 0x55, 0xb5

		data, header, format = -addressSize, -addressSize - 16, -addressSize - 16 - 128
	)
	var list []instruction
	var leave []int // jumps to the end
	add := func(op uint8, to, from uint8, offset int16, value int32) {
		list = append(list, instruction{op, to | from<<4, offset, value})
	}
	leaveIf := func(op uint8, register uint8, value int32) {
		leave = append(leave, len(list))
		add(op, register, 0, 0, value)
	}
	argument := func(n int16) int16 { return 16 + 8*n } // of the event's fields
	add(move, r6, r1, 0, 0)
	for at := int16(data); at < 0; at += 8 {
		add(storeValue, frame, 0, at, 0)
	}
	add(load, r3, r6, argument(address), 0)
	leaveIf(ifIs, r3, 0)
	if inside {
		add(move, r1, frame, 0, 0)
		add(addValue, r1, 0, 0, header)
		add(moveValue, r2, 0, 0, 16)
		add(callHelper, 0, 0, 0, helperProbeUser)
		leaveIf(ifNot, r0, 0)
		add(load, r3, frame, header, 0)
		leaveIf(ifIs, r3, 0)
		add(load32, r2, frame, header+8, 0)
	} else {
		add(load, r2, r6, argument(length), 0)
	}
	add(ifLE, r2, 0, 1, addressSize)
	add(moveValue, r2, 0, 0, addressSize)
	add(move, r1, frame, 0, 0)
	add(addValue, r1, 0, 0, data)
	add(callHelper, 0, 0, 0, helperProbeUser)
	leaveIf(ifNot, r0, 0)
	text := []byte("address " + call + strings.Repeat(" %llx", addressSize/8) + "\x00")
	size := int32(len(text))
	text = append(text, make([]byte, -len(text)&7)...)
	for i := 0; i < len(text); i += 8 {
		add(wide, r1, 0, 0, int32(binary.LittleEndian.Uint32(text[i:])))
		add(0, 0, 0, 0, int32(binary.LittleEndian.Uint32(text[i+4:])))
		add(store, frame, r1, int16(format+i), 0)
	}
	add(move, r1, frame, 0, 0)
	add(addValue, r1, 0, 0, format)
	add(moveValue, r2, 0, 0, size)
	add(move, r3, frame, 0, 0)
	add(addValue, r3, 0, 0, data)
	add(moveValue, r4, 0, 0, addressSize)
	add(callHelper, 0, 0, 0, helperTraceVPrintk)
	for _, at := range leave {
		list[at].offset = int16(len(list) - at - 1)
	}
	add(moveValue, r0, 0, 0, 0)
	add(exit, 0, 0, 0, 0)
	return list
}

// tellAddresses has the kernel tell addresses until the files that it returns are closed.
func tellAddresses(tracefs string) (open []int, err error) {
	for _, a := range addressed {
		text, err := os.ReadFile(filepath.Join(tracefs, "events/syscalls/sys_enter_"+a.call+"/id"))
		if err != nil {
			return open, err
		}
		id, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
		if err != nil {
			return open, err
		}
		program, err := loadProgram(tellAddress(a.call, a.address, a.length, a.inside))
		if err != nil {
			return open, fmt.Errorf("%s: %w", a.call, err)
		}
		open = append(open, program)
		event, err := unix.PerfEventOpen(&unix.PerfEventAttr{Type: unix.PERF_TYPE_TRACEPOINT, Size: uint32(unsafe.Sizeof(unix.PerfEventAttr{})), Config: id, Sample: 1}, -1, 0, -1, unix.PERF_FLAG_FD_CLOEXEC)
		if err != nil {
			return open, fmt.Errorf("perf_event_open of %s: %w", a.call, err)
		}
		open = append(open, event)
		if err := unix.IoctlSetInt(event, unix.PERF_EVENT_IOC_SET_BPF, program); err != nil {
			return open, fmt.Errorf("attach to %s: %w", a.call, err)
		}
		if err := unix.IoctlSetInt(event, unix.PERF_EVENT_IOC_ENABLE, 0); err != nil {
			return open, fmt.Errorf("enable %s: %w", a.call, err)
		}
	}
	return open, nil
}

// loadProgram gives a program to the kernel.
func loadProgram(list []instruction) (int, error) {
	license := []byte("Dual MIT/GPL\x00") // what the helpers ask for
	said := make([]byte, 1<<16)
	attributes := struct {
		kind, count           uint32
		instructions, license uint64
		level, size           uint32
		said                  uint64
		version, flags        uint32
	}{
		programTracepoint, uint32(len(list)), uint64(uintptr(unsafe.Pointer(&list[0]))), uint64(uintptr(unsafe.Pointer(&license[0]))),
		1, uint32(len(said)), uint64(uintptr(unsafe.Pointer(&said[0]))), 0, 0,
	}
	var fd uintptr
	errno := unix.EAGAIN
	for errno == unix.EAGAIN { // a signal came, as the Go runtime sends them, while the kernel looked at the program
		fd, _, errno = unix.Syscall(unix.SYS_BPF, unix.BPF_PROG_LOAD, uintptr(unsafe.Pointer(&attributes)), unsafe.Sizeof(attributes))
	}
	runtime.KeepAlive(list)
	runtime.KeepAlive(license)
	if errno != 0 {
		text, _, _ := strings.Cut(string(said), "\x00")
		return 0, fmt.Errorf("bpf: %w\n%s", errno, text)
	}
	return int(fd), nil
}

// address reads what a program has told: the words of an address.
func address(words []string) string {
	raw := make([]byte, 0, addressSize)
	for _, word := range words {
		value, err := strconv.ParseUint(word, 16, 64)
		if err != nil {
			return ""
		}
		raw = binary.LittleEndian.AppendUint64(raw, value)
	}
	if len(raw) < addressSize {
		return ""
	}
	port := binary.BigEndian.Uint16(raw[2:])
	switch family := binary.LittleEndian.Uint16(raw); family {
	case unix.AF_INET:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(raw[4:8])), port).String()
	case unix.AF_INET6:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(raw[8:24])).Unmap(), port).String()
	case unix.AF_UNIX:
		path := string(raw[2:])
		if path[0] == 0 {
			path = "@" + path[1:]
		}
		path, _, _ = strings.Cut(path, "\x00")
		return "unix:" + path
	case unix.AF_NETLINK, unix.AF_UNSPEC: // asks the kernel; takes an address back
		return ""
	default:
		return fmt.Sprintf("family %d", family)
	}
}
