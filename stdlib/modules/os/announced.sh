# Tells who upgrades another component that this node's system is to be upgraded too.
#
# FILE  is there while upgrades are announced

if [ -e "$FILE" ]; then version_tell 'packages' 'newest' 'older'; fi
