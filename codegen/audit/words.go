package audit

// Whom says in words for whom an effect is.
func (e *Effect) Whom() string { return e.onText() }

// String is where an effect comes from, the nearest first.
func (o *Origin) String() string { return o.text() }
