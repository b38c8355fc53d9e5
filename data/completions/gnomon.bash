# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of gnomon's commands for bash. Starts no service: it only asks one that runs.

_gnomon_hosts ()
{
    gnomon sources --json --no-start 2>/dev/null | sed -n 's/^ *"host" : "\(.*\)",\{0,1\}$/\1/p'
}

# The options of a command; without one, those of the window.
_gnomon_options ()
{
    case $1 in
        "") echo "--version --background --help" ;;
        add) echo "--port= --ca= --accept= --operator= --country= --no-nts --ntp-port= --json --help" ;;
        diagnose) echo "--port= --ca= --accept= --no-nts --ntp-port= --json --help" ;;
        history) echo "--since= --samples --csv --json --help" ;;
        accept) echo "--yes --json --help" ;;
        import) echo "--yes --root= --json --help" ;;
        *) echo "--json --help" ;;
    esac
}

_gnomon ()
{
    local commands="status sync wait sources server add remove import diagnose history accept reject"
    local word=${COMP_WORDS[COMP_CWORD]} option="" command="" words="" i

    # bash takes "--accept=key" for three words.
    if [[ $word == "=" ]]; then
        option=${COMP_WORDS[COMP_CWORD - 1]}
        word=""
    elif ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" ]]; then
        option=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} != -* ]]; then
            command=${COMP_WORDS[i]}
            break
        fi
    done

    case $option in
        "") ;;
        --accept) mapfile -t COMPREPLY < <(compgen -W "any issuer key" -- "$word"); return ;;
        --ca) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
        --root) mapfile -t COMPREPLY < <(compgen -d -- "$word"); return ;;
        *) COMPREPLY=(); return ;;
    esac
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_gnomon_options "$command")" -- "$word")
        [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
        return
    fi
    case $command in
        "") words=$commands ;;
        server | remove | diagnose) words=$(_gnomon_hosts) ;;
        import) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _gnomon gnomon
