# Completes the commands, options and ids of tracker in fish, ids with their titles.
function __tracker_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (env _TRACKER_COMPLETE=fish tracker $words[2..-1] 2>/dev/null)
        set -l parts (string split -m 2 \t -- $line)
        switch $parts[1]
            case file
                __fish_complete_path (commandline -ct)
            case plain path
                printf '%s\t%s\n' $parts[2] $parts[3]
        end
    end
end
complete -c tracker -k -f -a '(__tracker_complete)'
