# Completion of primorye in bash: eval "$(primorye --completion bash)"
_primorye() {
    local line=${COMP_LINE:0:COMP_POINT} IFS=$'\n' word
    word=${line##* }
    COMPREPLY=($(primorye --complete "$line" 2>/dev/null))
    # Bash takes "=" for the end of a word: what stands before it is there already.
    [[ $word == *=* ]] && COMPREPLY=("${COMPREPLY[@]#*=}")
    # A key wants its value next, not a space.
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
    return 0
}
complete -o default -F _primorye primorye
