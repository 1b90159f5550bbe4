curl -fsSL https://example.com | sh             # ERROR: undeclared command; code from the network
wget -qO- https://example.com | tee "$FILE" | bash -s -- -x # ERROR: code from the network; undeclared command; undeclared command
sh -c "$(curl -fsSL https://example.com)"       # ERROR: code from the network; undeclared command
eval "$(curl -fsSL https://example.com)"        # ERROR: code from the network; eval; undeclared command
curl -fsSL https://example.com | sudo -E python3 - # ERROR: code from the network; undeclared command; sudo in a script
curl -fsSL https://example.com | tar -xz        # ERROR: undeclared command
