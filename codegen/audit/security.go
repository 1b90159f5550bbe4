package audit

// security says what an effect means for the host's security; "" is nothing.
func security(e *Effect) string { return "" }
