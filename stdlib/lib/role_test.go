package lib_test

import "testing"

// What is packed for one role of a host is a part of what the host gets: what the
// other roles' steps have made is none of its orphans. It was removed.
func TestOneRoleRemovesNothing(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(fileCall("/etc/a", "1\n"), fileCall("/etc/b", "2\n")))
		m.do("apply")
		part := one(fileCall("/etc/a", "3\n"))
		part.env = "SPRAY_ROLE='worker'\n"
		m.install(part)
		same(t, "plan", statuses(m.do("plan")), "file /etc/a differs\n")
		same(t, "apply", statuses(m.do("apply")), "file /etc/a changed\n")
		same(t, "the other's", m.read("etc/b"), "2\n")
		m.install(one(fileCall("/etc/a", "3\n")))
		same(t, "plan of the whole", statuses(m.do("plan")), "file /etc/a ok\norphan file /etc/b will\n")
	})
}

// A bundle of another operation has not all that the host is to have, and removes nothing: an
// upgrade's lacks the steps of modules that are for converge alone.
func TestOtherOperationsRemoveNothing(t *testing.T) {
	eachMachine(t, func(t *testing.T, m *machine) {
		m.install(one(fileCall("/etc/a", "1\n"), fileCall("/etc/b", "2\n")))
		m.do("apply")
		other := one(fileCall("/etc/a", "3\n"))
		other.env = "SPRAY_OPERATION='backup'\n"
		m.install(other)
		same(t, "plan", statuses(m.do("plan")), "file /etc/a differs\n")
		same(t, "apply", statuses(m.do("apply")), "file /etc/a changed\n")
		same(t, "what it does not have", m.read("etc/b"), "2\n")
		other.env = "SPRAY_OPERATION='upgrade'\n"
		m.install(other)
		same(t, "plan of an upgrade", statuses(m.do("plan")), "file /etc/a ok\n")
		same(t, "upgrade", statuses(m.do("apply")), "file /etc/a ok\n")
		same(t, "what an upgrade does not have", m.read("etc/b"), "2\n")
	})
}
