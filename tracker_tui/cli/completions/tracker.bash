# Completes the commands, options and ids of tracker in bash.
_tracker() {
    local line=${COMP_LINE:0:COMP_POINT} lead= type value help
    local word=${line##*[[:space:]]}
    # bash completes what is behind the last of its word breaks, and a colon is one of them.
    if [[ $COMP_WORDBREAKS == *:* && $word == *:* ]]; then
        lead=${word%"${word##*:}"}
    fi
    COMPREPLY=()
    while IFS=$'\t' read -r type value help; do
        if [[ $type == file ]]; then
            compopt -o default +o nosort 2>/dev/null
        elif [[ $type == plain || $type == path ]]; then
            COMPREPLY+=("${value#"$lead"}")
            [[ $type == path ]] && compopt -o filenames 2>/dev/null
            [[ $value == *: ]] && compopt -o nospace 2>/dev/null
        fi
    done < <(_TRACKER_COMPLETE=bash tracker "$line" 2>/dev/null)
}
complete -o nosort -F _tracker tracker 2>/dev/null || complete -F _tracker tracker
