[[ "$(getenforce)" = Enforcing ]] && ok
