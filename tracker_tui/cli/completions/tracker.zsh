#compdef tracker
# Completes the commands, options and ids of tracker in zsh, ids with their titles.
_tracker() {
    local type value help
    local -a known fields
    local -i files=0
    while IFS=$'\t' read -r type value help; do
        if [[ $type == file ]]; then
            files=1
        elif [[ $type == plain && $value == *: ]]; then
            fields+=("${value//:/\\:}${help:+:$help}")
        elif [[ $type == plain || $type == path ]]; then
            known+=("${value//:/\\:}${help:+:$help}")
        fi
    done < <(_TRACKER_COMPLETE=zsh tracker "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)
    (( $#known )) && _describe -V tracker known
    (( $#fields )) && _describe -V query fields -S ''
    (( files )) && _files
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _tracker "$@"
else
    compdef _tracker tracker
fi
