# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of gnomon's commands for fish. Starts no service: it only asks one that runs.

function __gnomon_hosts
    gnomon sources --json --no-start 2>/dev/null | string replace -rf '^ *"host" : "(.*)",?$' '$1'
end

set -l commands status sync wait sources server add remove import diagnose history accept reject

complete -c gnomon -f
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -l version -d "Print the version"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -l background -d "The state of the clock in the tray"
complete -c gnomon -l help -d "Show help"
complete -c gnomon -n "__fish_seen_subcommand_from $commands" -l json -d "Print one JSON object"

complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a status -d "Is the clock right, and who says so"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a sync -d "Set the clock securely"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a wait -d "Wait until the clock is right"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a sources -d "List the servers"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a server -d "Show all that is known of one"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a add -d "Ask one more server"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a remove -d "Do not ask a server any more"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a import -d "Take servers over"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a diagnose -d "Test a server step by step"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a history -d "What was done to the clock"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a accept -d "Set the clock by a large change"
complete -c gnomon -n "not __fish_seen_subcommand_from $commands" -a reject -d "Leave the clock as it is"

complete -c gnomon -n "__fish_seen_subcommand_from server remove diagnose" -a "(__gnomon_hosts)"
complete -c gnomon -n "__fish_seen_subcommand_from add diagnose" -l port -x -d "TCP port of the keys"
complete -c gnomon -n "__fish_seen_subcommand_from add diagnose" -l ca -r -F -d "Certificates to check it by"
complete -c gnomon -n "__fish_seen_subcommand_from add diagnose" -l accept -x -a "any issuer key" -d "Accepted certificates"
complete -c gnomon -n "__fish_seen_subcommand_from add diagnose" -l no-nts -d "Without authentication"
complete -c gnomon -n "__fish_seen_subcommand_from add diagnose" -l ntp-port -x -d "UDP port of the time"
complete -c gnomon -n "__fish_seen_subcommand_from add" -l operator -x -d "Who runs it"
complete -c gnomon -n "__fish_seen_subcommand_from add" -l country -x -d "Where it is"
complete -c gnomon -n "__fish_seen_subcommand_from history" -l since -x -d "From when on"
complete -c gnomon -n "__fish_seen_subcommand_from history" -l samples -d "What was measured"
complete -c gnomon -n "__fish_seen_subcommand_from history" -l csv -d "Print a table"
complete -c gnomon -n "__fish_seen_subcommand_from accept import" -l yes -d "Do not ask"
complete -c gnomon -n "__fish_seen_subcommand_from import" -l root -r -a "(__fish_complete_directories)" -d "Another system"
complete -c gnomon -n "__fish_seen_subcommand_from import" -F
