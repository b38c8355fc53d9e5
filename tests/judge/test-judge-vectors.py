#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-judge-vectors.py PROGRAM VECTORS: the judge notices every wrong expectation, and no file ends it.

A judge that calls everything right is worse than none: each case here is one of our own vectors with
its expectation or its octets changed, and must fail.
"""

import copy
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

program, vectors = sys.argv[1], pathlib.Path(sys.argv[2])
originals = {path.name: json.loads(path.read_text()) for path in vectors.glob("*.json")}
problems = []


def judge(files):
    """Exit code, lines before the last, passed, failed."""
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            text = content if isinstance(content, bytes) else json.dumps(content).encode()
            (pathlib.Path(directory) / name).write_bytes(text)
        run = subprocess.run([program, directory], capture_output=True, text=True)
    lines = run.stdout.splitlines()
    match = re.fullmatch(r"(\d+) passed, (\d+) failed", lines[-1] if lines else "")
    if match is None or run.returncode not in (0, 1):
        problems.append(f"{sorted(files)}: exit {run.returncode}: {run.stdout[-300:]} {run.stderr[-2000:]}")
        return 1, [], 0, 0
    return run.returncode, lines[:-1], int(match[1]), int(match[2])


def expect_all_to_fail(what, files, wanted):
    code, lines, _, failed = judge(files)
    if failed != wanted or len(lines) != wanted or code != 1:
        problems.append(f"{what}: {failed} failed and {len(lines)} lines instead of {wanted}, exit {code}")


def flip(text, at=None):
    """One hexadecimal digit changed, the one in the middle unless told."""
    at = len(text) // 2 if at is None else at
    return text[:at] + format(int(text[at], 16) ^ 1, "x") + text[at + 1:]


def wrong_octets():
    for name, member in (("siv.json", "output"), ("siv.json", "key"), ("gcmsiv.json", "output"),
                         ("gcmsiv.json", "nonce"), ("gcmsiv.json", "key")):
        cases = copy.deepcopy(originals[name])
        for case in cases:
            # The second half of a key says nothing about an empty plaintext.
            case[member] = flip(case[member], 0 if member == "key" else None)
        expect_all_to_fail(f"{name}, {member}", {name: cases}, len(cases))


def wrong_exchanges():
    exchanges = originals["ntp_exchanges.json"]
    for member in ("request", "response", "response_plaintext", "new_cookies", "placeholders"):
        session = copy.deepcopy(exchanges["sessions"][0])
        for exchange in session["exchanges"]:
            value = exchange[member]
            exchange[member] = (flip(value) if isinstance(value, str)
                                else value + 1 if isinstance(value, int) else [flip(v) for v in value])
        expect_all_to_fail(f"exchanges, {member}", {"ntp_exchanges.json": {"sessions": [session]}},
                           len(session["exchanges"]))
    for member in ("c2s", "s2c", "exporter_secret", "ke_request"):
        session = dict(exchanges["sessions"][0], exchanges=[])
        session[member] = flip(session[member])
        expect_all_to_fail(f"session, {member}", {"ntp_exchanges.json": {"sessions": [session]}}, 1)
    naks = [dict(nak, response=nak["response"][:-1] + "0") for nak in exchanges["naks"]
            if nak["response"][-1] != "0"]
    expect_all_to_fail("naks", {"ntp_exchanges.json": {"naks": naks}}, len(naks))


def wrong_verdicts():
    responses = [dict(case, expect="reject" if case["expect"].startswith("accept") else "accept")
                 for case in originals["ke.json"]["responses"] if "may" not in case["expect"]]
    responses.append(dict(responses[0], expect="some other words"))
    name = next(case for case in originals["ke.json"]["responses"] if "resolve as" in case["expect"])
    responses.append(dict(name, expect="accept, resolve as ntp8.example.net."))
    error = next(case for case in originals["ke.json"]["responses"] if "error 2" in case["expect"])
    responses.append(dict(error, expect="fail with error 1"))
    expect_all_to_fail("verdicts on key exchanges", {"ke.json": {"responses": responses}}, len(responses))

    cases = originals["crafted_replies.json"]["cases"]
    others = ("accept", "discard", "nak", "stop this server", "slow down", "not selectable, keep cookies",
              "do not demobilise at once", "accept, store no cookie", "some other words")
    genuine = cases[0]
    for words in others:
        # The genuine reply comes first: it tells when the exchange was.
        changed = [genuine] + [dict(case, expect=words) for case in cases[1:] if case["expect"] != words]
        code, lines, passed, failed = judge({"crafted_replies.json": {"cases": changed}})
        if failed < len(changed) * 0.3 or len(lines) != failed or code != 1:
            problems.append(f'all replies expected to "{words}": {passed} passed, {failed} failed')
        if words == "some other words" and passed != 1:
            problems.append(f"{passed - 1} cases passed by words that mean nothing")


def broken_files():
    """Truncated, of other kinds, nested without end: a failure each, and never a crash."""
    for content in (b"", b"{", b"[", b"null", b"3", b"[null]", b"[[]]", b"[{}]", b"{}", b'"x"', b"\xff",
                    b"[" * 100000, b'{"cases": 1, "responses": 1, "sessions": 1}',
                    b'{"cases": [1], "responses": [1], "sessions": [1], "naks": [1]}',
                    b'{"cases": [{"expect": 1, "request": [], "reply": "zz"}], "naks": [{"request": "00"}],'
                    b' "sessions": [{"exchanges": [{"request": "", "response": "", "response_plaintext": ""}]}],'
                    b' "responses": [{"expect": "accept", "response": "0"}]}'):
        code, _, passed, failed = judge({name: content for name in originals})
        if code != 1 or failed == 0 or passed != 0:
            problems.append(f"{content[:40]}: {passed} passed, {failed} failed, exit {code}")
    if judge({})[0] != 1:
        problems.append("an empty directory is no success")

    generator = random.Random(1)
    for _ in range(12):
        files = {}
        for name in originals:
            text = bytearray((vectors / name).read_bytes())
            for _ in range(20):
                text[generator.randrange(len(text))] = generator.choice(b'"{}[],:0azn\\\n')
            files[name] = bytes(text[:generator.choice((len(text), generator.randrange(len(text))))])
        judge(files)


wrong_octets()
wrong_exchanges()
wrong_verdicts()
broken_files()
print("\n".join(problems))
sys.exit(1 if problems else 0)
