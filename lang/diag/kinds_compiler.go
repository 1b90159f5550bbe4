package diag

// UnknownRole is a role that no hosts block has.
var UnknownRole = &Kind{ID: "unknown-role", Summary: "unknown role", Doc: "A role is used that no hosts block has and that is not built in."}

var compilerKinds = []*Kind{UnknownRole}
