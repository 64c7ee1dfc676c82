#compdef primorye
# Completion of primorye in zsh: eval "$(primorye --completion zsh)"
_primorye() {
    local -a offered keys
    offered=("${(@f)$(primorye --complete "$LBUFFER" 2>/dev/null)}")
    keys=(${(M)offered:#*=})
    offered=(${offered:#*=})
    (( $#keys )) && compadd -S '' -- $keys
    (( $#offered )) && compadd -- $offered
    (( $#keys + $#offered )) || _files
}
compdef _primorye primorye
