package diag

// UnknownAttribute is an attribute that the block does not have.
var UnknownAttribute = &Kind{ID: "unknown-attribute", Summary: "unknown attribute", Doc: "The block has no attribute of this name."}

var langKinds = []*Kind{UnknownAttribute}
