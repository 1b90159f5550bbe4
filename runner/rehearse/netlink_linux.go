package rehearse

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"

	"golang.org/x/sys/unix"
)

// netlink speaks rtnetlink(7) for the few things that a host's network needs, so
// that no iproute2 has to be on the machine.
type netlink struct {
	fd  int
	seq uint32
}

func openNetlink() (*netlink, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("netlink: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("netlink: %w", err)
	}
	return &netlink{fd: fd}, nil
}

func (n *netlink) close() { unix.Close(n.fd) }

// attr is one attribute: its kind, its bytes, padded to four.
func attr(kind uint16, data []byte) []byte {
	out := binary.NativeEndian.AppendUint16(nil, uint16(4+len(data)))
	out = append(binary.NativeEndian.AppendUint16(out, kind), data...)
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	return out
}

func nested(kind uint16, attrs ...[]byte) []byte {
	var data []byte
	for _, a := range attrs {
		data = append(data, a...)
	}
	return attr(kind|unix.NLA_F_NESTED, data)
}

func text(kind uint16, s string) []byte { return attr(kind, append([]byte(s), 0)) }

func number(kind uint16, v uint32) []byte {
	return attr(kind, binary.NativeEndian.AppendUint32(nil, v))
}

// ask sends one request and waits for its acknowledgement.
func (n *netlink) ask(kind, flags uint16, body []byte, attrs ...[]byte) error {
	n.seq++
	for _, a := range attrs {
		body = append(body, a...)
	}
	message := binary.NativeEndian.AppendUint32(nil, uint32(unix.NLMSG_HDRLEN+len(body)))
	message = binary.NativeEndian.AppendUint16(message, kind)
	message = binary.NativeEndian.AppendUint16(message, flags|unix.NLM_F_REQUEST|unix.NLM_F_ACK)
	message = binary.NativeEndian.AppendUint32(message, n.seq)
	message = append(binary.NativeEndian.AppendUint32(message, 0), body...)
	if err := unix.Sendto(n.fd, message, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	buffer := make([]byte, 1<<14)
	for {
		size, _, err := unix.Recvfrom(n.fd, buffer, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		if size >= unix.NLMSG_HDRLEN+4 && binary.NativeEndian.Uint16(buffer[4:]) == unix.NLMSG_ERROR && binary.NativeEndian.Uint32(buffer[8:]) == n.seq {
			if code := int32(binary.NativeEndian.Uint32(buffer[unix.NLMSG_HDRLEN:])); code != 0 {
				return unix.Errno(-code)
			}
			return nil
		}
	}
}

func link(index int, flags, change uint32) []byte {
	body := make([]byte, unix.SizeofIfInfomsg)
	binary.NativeEndian.PutUint32(body[4:], uint32(index))
	binary.NativeEndian.PutUint32(body[8:], flags)
	binary.NativeEndian.PutUint32(body[12:], change)
	return body
}

func (n *netlink) addBridge(name string) error {
	return n.ask(unix.RTM_NEWLINK, unix.NLM_F_CREATE|unix.NLM_F_EXCL, link(0, 0, 0),
		text(unix.IFLA_IFNAME, name), nested(unix.IFLA_LINKINFO, text(unix.IFLA_INFO_KIND, "bridge")))
}

// addPair makes a pair of links: name here, on the bridge, and peer in the
// network namespace of a process.
func (n *netlink) addPair(name, peer string, bridge, pid int) error {
	const vethInfoPeer = 1 // VETH_INFO_PEER of linux/veth.h
	other := append(link(0, 0, 0), text(unix.IFLA_IFNAME, peer)...)
	other = append(other, number(unix.IFLA_NET_NS_PID, uint32(pid))...)
	return n.ask(unix.RTM_NEWLINK, unix.NLM_F_CREATE|unix.NLM_F_EXCL, link(0, unix.IFF_UP, unix.IFF_UP),
		text(unix.IFLA_IFNAME, name), number(unix.IFLA_MASTER, uint32(bridge)),
		nested(unix.IFLA_LINKINFO, text(unix.IFLA_INFO_KIND, "veth"),
			nested(unix.IFLA_INFO_DATA, attr(vethInfoPeer|unix.NLA_F_NESTED, other))))
}

func (n *netlink) up(index int) error {
	return n.ask(unix.RTM_NEWLINK, 0, link(index, unix.IFF_UP, unix.IFF_UP))
}

// address gives a link an address that is alone in its prefix: everything else is
// reached over the default route.
func (n *netlink) address(index int, ip net.IP) error {
	family, raw := familyOf(ip)
	body := []byte{family, byte(len(raw) * 8), unix.IFA_F_NODAD, 0}
	body = binary.NativeEndian.AppendUint32(body, uint32(index))
	return n.ask(unix.RTM_NEWADDR, unix.NLM_F_CREATE|unix.NLM_F_REPLACE, body, attr(unix.IFA_LOCAL, raw), attr(unix.IFA_ADDRESS, raw))
}

// defaultRoute sends a family's traffic out of a link: all hosts are on it.
func (n *netlink) defaultRoute(index int, family byte, source net.IP) error {
	body := []byte{family, 0, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_STATIC, unix.RT_SCOPE_LINK, unix.RTN_UNICAST, 0, 0, 0, 0}
	attrs := [][]byte{number(unix.RTA_OIF, uint32(index))}
	if source != nil {
		_, raw := familyOf(source)
		attrs = append(attrs, attr(unix.RTA_PREFSRC, raw))
	}
	return n.ask(unix.RTM_NEWROUTE, unix.NLM_F_CREATE|unix.NLM_F_REPLACE, body, attrs...)
}

func familyOf(ip net.IP) (byte, []byte) {
	if v4 := ip.To4(); v4 != nil {
		return unix.AF_INET, v4
	}
	return unix.AF_INET6, ip.To16()
}

// network brings up lo and, when name is not empty, a link with addresses and
// default routes.
func network(name string, addresses []string) error {
	n, err := openNetlink()
	if err != nil {
		return err
	}
	defer n.close()
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		return fmt.Errorf("link lo: %w", err)
	}
	if err := n.up(lo.Index); err != nil {
		return fmt.Errorf("link lo: %w", err)
	}
	eth, err := net.InterfaceByName(name)
	if err != nil {
		return fmt.Errorf("link %s: %w", name, err)
	}
	if err := n.up(eth.Index); err != nil {
		return fmt.Errorf("link %s: %w", name, err)
	}
	source := map[byte]net.IP{}
	for _, address := range addresses {
		ip := net.ParseIP(address)
		if ip == nil {
			return fmt.Errorf("%q is not an IP address", address)
		}
		if err := n.address(eth.Index, ip); err != nil {
			return fmt.Errorf("address %s: %w", address, err)
		}
		if family, _ := familyOf(ip); source[family] == nil {
			source[family] = ip
		}
	}
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		if source[family] == nil {
			continue
		}
		if err := n.defaultRoute(eth.Index, family, source[family]); err != nil {
			return fmt.Errorf("default route of %s: %w", name, err)
		}
	}
	return nil
}
