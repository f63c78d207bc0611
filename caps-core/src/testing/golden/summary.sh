# Prints the summary of golden files once the tests have run.
#
# Standard input: a line for each comparison, with what became of the file and its path.
# $1: the runner's process to wait for, unless the input ends by itself; $2: the file that is the input, if it is one.

trap '' HUP INT QUIT TERM

# A process that nobody has waited for yet has no program any more.
[ -z "$1" ] || while [ -e "/proc/$1/exe" ]; do sleep 0.05; done

# Of several lines on one file the first counts.
sort -s -u -k 2 | {
    created=0 changed=0 unchanged=0
    while read -r change path; do
        case $change in
            created) created=$((created + 1)) ;;
            changed) changed=$((changed + 1)) ;;
            *) unchanged=$((unchanged + 1)); continue ;;
        esac
        printf '%s %s\n' "$change" "$path"
    done
    printf 'golden files: %s created, %s changed, %s unchanged\n' "$created" "$changed" "$unchanged"
}

[ -z "$2" ] || rm -f -- "$2"
