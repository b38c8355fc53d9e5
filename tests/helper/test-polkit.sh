#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test-polkit.sh BUILD PREFIX: the installed files, the helper as its own user and the real polkit on
# a private system bus: who may do what.
set -eu
here=$(realpath "$(dirname "$0")")

if [ -z "${PRIVATE_HELPER:-}" ]; then
    TRY_LOCK=$(realpath "$1")/tests/app/try-lock
    export TRY_LOCK
    stage=$(mktemp -d)
    trap 'rm -rf "$stage"' EXIT
    meson install -C "$1" --no-rebuild --quiet --destdir "$stage"
    "$here/private-system-bus" "$stage" "$2" "$0"
    exit
fi

name=org.gnomon.Helper1
errors=$name.Error
rules=/etc/polkit-1/rules.d/50-test.rules
policy=/usr/share/polkit-1/actions/org.gnomon.helper.policy

fail() {
    echo "FAILED: $*"
    cat /run/polkitd.log /run/helper.log
    exit 1
}

as() {
    setpriv --reuid="$1" --regid="$1" --clear-groups "${@:2}"
}

# call USER METHOD ARGUMENT...: prints what comes back, errors included.
call() {
    as "$1" gdbus call --system --dest $name --object-path /org/gnomon/Helper1 \
        --method "$2" "${@:3}" 2>&1 || true
}

# expect WHAT USER METHOD ARGUMENT...: what comes back holds WHAT.
expect() {
    local answer
    answer=$(call "${@:2}")
    [[ $answer == *"$1"* ]] || fail "$2 called ${*:3}: $answer, not $1"
}

# The same for what polkit notices a little later.
expect_soon() {
    local answer
    for _ in $(seq 100); do
        answer=$(call "${@:2}")
        [[ $answer != *"$1"* ]] || return 0
        sleep 0.1
    done
    fail "$2 called ${*:3}: still $answer, not $1"
}

allow() {
    cat >"$rules" <<RULES
polkit.addRule(function (action, subject) {
  if (subject.user == "tester" && "$*".split(" ").indexOf(action.id) >= 0)
    return polkit.Result.YES;
});
RULES
}

own() {
    as "$1" gdbus call --system --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
        --method org.freedesktop.DBus.RequestName $name 4 2>&1 || true
}

get() {
    call tester org.freedesktop.DBus.Properties.Get $name "$1"
}

# ---- Nobody but the helper's user has the name ----

[[ $(own tester) == *AccessDenied* ]] || fail "tester can take the name: $(own tester)"

touch /run/helper.conf
mkdir -m 700 /run/state
chown gnomon:gnomon /run/state
setpriv --reuid=gnomon --regid=gnomon --clear-groups "$PRIVATE_HELPER" --bus=system --clock=virtual \
    --virtual-offset=2.5 --config=/run/helper.conf --state-dir=/run/state >/run/helper.log 2>&1 &
helper=$!
gdbus wait --system --timeout 20 $name || fail "the helper did not start"
[ "$(awk '/^Uid:/ { print $2 $3 }' /proc/$helper/status)" = "$(id -u gnomon)$(id -u gnomon)" ] ||
    fail "the helper is not gnomon"

# ---- Everybody reads, nobody writes ----

[[ $(get State) == *unsynchronised* || $(get State) == *starting* ]] || fail "State: $(get State)"
[[ $(get Servers) == *"<@aa{sv} []>"* ]] || fail "Servers: $(get Servers)"
expect "'ClockMode': <'virtual'>" tester org.freedesktop.DBus.Properties.GetAll $name
expect "[]" tester $name.GetLedger time.example 0
expect AccessDenied tester org.freedesktop.DBus.Properties.Set $name Automatic "<false>"

# ---- Without a session or a rule nothing is allowed ----

while read -r method arguments; do
    eval "expect $errors.NotAuthorised tester $name.$method $arguments"
done <<'METHODS'
SyncNow {}
CancelSync
AddServer time.example {}
ChangeServer time.example {}
RemoveServer time.example
SetOptions "{'minimum-sources': <uint32 1>}"
SetAutomatic false
AcceptTime 0
RejectTime
Diagnose 127.0.0.1 {}
CancelDiagnose
DeleteRecords
METHODS
[[ $(get Servers) == *"<@aa{sv} []>"* ]] || fail "a server was added"
[[ $(get Automatic) == *true* ]] || fail "Automatic was changed"
expect "'minimum-sources': <uint32 3>" tester org.freedesktop.DBus.Properties.Get $name Options

# ---- A rule allows one thing and not the other ----

allow org.gnomon.helper.sync-now
expect_soon $errors.NoServers tester $name.SyncNow "{}"
expect "()" tester $name.CancelSync
expect $errors.NotAuthorised tester $name.AddServer time.example "{}"

allow org.gnomon.helper.configure
expect_soon "()" tester $name.SetOptions "{'minimum-sources': <uint32 1>}"
expect "'minimum-sources': <uint32 1>" tester org.freedesktop.DBus.Properties.Get $name Options
expect $errors.NotAuthorised tester $name.SyncNow "{}"
expect "()" tester $name.AddServer time.example "{'port': <uint16 4461>}"
expect time.example tester org.freedesktop.DBus.Properties.Get $name Servers

allow org.gnomon.helper.accept-time
expect_soon $errors.OutOfBounds tester $name.AcceptTime 0
expect "()" tester $name.RejectTime
expect $errors.NotAuthorised tester $name.Diagnose 127.0.0.1 "{}"

allow org.gnomon.helper.diagnose
expect_soon "'reason': <'connection-refused'>" tester $name.Diagnose 127.0.0.1 "{'port': <uint16 1>}"
expect "()" tester $name.CancelDiagnose
expect $errors.NotAuthorised tester $name.AcceptTime 0

# ---- In a terminal somebody asks for the password of an administrator ----

# in_terminal WHAT STATUS ANSWER COMMAND...: what it shows holds WHAT. polkit looks for the session of whoever asks,
# which systemd writes into the name of the control group.
in_terminal() {
    local answer status=0
    # shellcheck disable=SC2016 # for the inner shell
    answer=$(/usr/bin/python3 "$here/in-terminal.py" "$3" sh -c 'mount --bind /run/session "/proc/$$/cgroup" && exec "$@"' \
        sh setpriv --reuid=tester --regid=tester --clear-groups env LANGUAGE=C "${@:4}" 2>&1) ||
        status=$?
    [[ $status = "$2" && $answer == *"$1"* ]] || fail "${*:4}, $3: $status, $answer"
    [[ $answer != *"without echo"* ]] || fail "${*:4}, $3: $answer"
}

rm "$rules"
cp "$TRY_LOCK" /mnt/
group=/user.slice/user-$(id -u tester).slice/session-1.scope
printf '1:name=systemd:%s\n0::%s\n' "$group" "$group" >/run/session
printf 'polkit.addAdminRule(function () { return ["unix-user:tester"]; });\n' >/etc/polkit-1/rules.d/10-test.rules
echo tester:secret | chpasswd
expect_soon $errors.NotAuthorised tester $name.SetAutomatic false
in_terminal "Authentication is required to change how the clock is kept" 0 secret "$PRIVATE_GNOMON" add terminal.example
expect terminal.example tester org.freedesktop.DBus.Properties.Get $name Servers
in_terminal "You are not allowed to do this." 4 wrong "$PRIVATE_GNOMON" remove terminal.example
expect terminal.example tester org.freedesktop.DBus.Properties.Get $name Servers
# Whoever would rather not is left with a terminal that shows what is typed.
in_terminal Password 4 ^C "$PRIVATE_GNOMON" remove terminal.example
expect terminal.example tester org.freedesktop.DBus.Properties.Get $name Servers
grep -qsx pkttyagent /proc/[0-9]*/comm && fail "an agent is left"
# Without a terminal nobody is asked, and nobody waits.
as tester "$PRIVATE_GNOMON" remove terminal.example </dev/null >/dev/null 2>&1 && fail "it was removed"
# The lock of the preferences: one password for all that is behind it.
in_terminal "$(printf 'opened: yes\nchanged: yes\nopen: yes')" 0 secret /mnt/try-lock
in_terminal "$(printf 'opened: polkit says no\nopen: no')" 0 wrong /mnt/try-lock
# Where it is allowed there is no question.
allow org.gnomon.helper.configure
expect_soon "()" tester $name.SetAutomatic true
in_terminal "" 0 "" "$PRIVATE_GNOMON" remove terminal.example
in_terminal "$(printf 'opened: yes\nchanged: yes\nopen: yes')" 0 "" /mnt/try-lock

# ---- Root is always allowed, as long as polkit lets the helper ask about others ----

expect "()" root $name.SetAutomatic true
rm "$rules"
grep -v org.freedesktop.policykit.owner "$policy" >/run/policy
mv /run/policy "$policy"
expect_soon $errors.NotAuthorised root $name.SetAutomatic false
[[ $(get Automatic) == *true* ]] || fail "Automatic was changed without polkit"

kill $helper
wait $helper || fail "the helper ended with $?"
echo "passed"
