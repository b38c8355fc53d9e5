# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fake helper remembers: events, certificates, and the steps of a test."""

import time

from gi.repository import GLib

DAY = 86400
TYPES = {"time": "x", "first": "x", "last": "x", "not-before": "x", "not-after": "x", "amount": "d", "duration": "d",
         "offset": "d", "delay": "d", "uncertainty": "d", "vouched": "u", "operators": "u", "port": "q", "ntp-port": "q",
         "cookies": "u", "cookie-length": "u", "stratum": "y", "certificate-not-before": "x",
         "certificate-not-after": "x"}


def dictionary(**values):
    """A dictionary of the contract; its keys have _ for -, and what is a text needs no type."""
    named = ((key.replace("_", "-"), value) for key, value in values.items())
    return {key: GLib.Variant(TYPES.get(key, "s"), value) for key, value in named}


def usec(seconds_ago):
    return int((time.time() - seconds_ago) * 1e6)


def event(seconds_ago, kind, **values):
    return dictionary(time=usec(seconds_ago), kind=kind, **values)


def events(last_step):
    """A month, oldest first; the newest step is the one of the property LastStep (µs)."""
    month = [
        event(28 * DAY, "started"),
        event(27 * DAY, "stepped", amount=-0.73, vouched=3, operators=2),
        event(20 * DAY, "decision", amount=86400.0, vouched=1, operators=1),
        event(20 * DAY - 90, "rejected", amount=86400.0, who="maria"),
        event(8 * DAY + 120, "foreign-step", amount=-3600.0, who="date"),
        event(8 * DAY, "stepped", amount=3600.0, vouched=3, operators=2),
        event(3 * DAY, "new-certificate", host="nts.netnod.se"),
        event(2 * DAY, "new-issuer", host="ptbtime1.ptb.de"),
    ]
    gentle = [event(DAY + 600 - 60 * i, "slewed", amount=0.0004, vouched=3, operators=2) for i in range(9)]
    newest = [
        event(5 * 3600, "resumed"),
        event(4 * 3600, "key-exchange", host="ptbtime1.ptb.de"),
        dictionary(time=last_step, kind="stepped", amount=2.501, who="maria", vouched=3, operators=2),
        event(1800, "slewed", amount=0.00031, vouched=3, operators=2),
    ]
    return month + gentle + newest


def certificates(host):
    """Newest first: a renewal by the same issuer after one by another, after the first that was seen."""
    subject = f"CN={host}"
    return [
        dictionary(first=usec(10 * DAY), last=usec(3600), subject=subject, issuer="CN=R12,O=Let's Encrypt,C=US",
                   sha256="8f2c910be4775da016f3c84a927d01be5563d92fa41870cb09ee46b13e19c642", address="192.0.2.10",
                   not_before=usec(11 * DAY), not_after=usec(-50 * DAY)),
        dictionary(first=usec(70 * DAY), last=usec(10 * DAY), subject=subject, issuer="CN=R12,O=Let's Encrypt,C=US",
                   sha256="11" * 32, address="192.0.2.10", not_before=usec(71 * DAY), not_after=usec(-19 * DAY)),
        dictionary(first=usec(160 * DAY), last=usec(70 * DAY), subject=subject, issuer="CN=Example CA 3,O=Example,C=DE",
                   sha256="22" * 32, address="192.0.2.10", not_before=usec(161 * DAY), not_after=usec(60 * DAY)),
    ]


def iso8601(microseconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(microseconds // 1000000))


BEGIN, END = usec(11 * DAY), usec(-50 * DAY)
# What each step shows and needs, s, in the words of the helper.
SHOWN = {
    "resolve": (0.012, "192.0.2.10, 2001:db8::10", {"address": "192.0.2.10", "port": 4460}),
    "connect": (0.014, "192.0.2.10 port 4460", {"address": "192.0.2.10", "port": 4460}),
    "tls": (0.031, "TLSv1.3, TLS_AES_256_GCM_SHA384, ntske/1",
            {"tls_version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384"}),
    "certificate": (0.002, "for CN=ptbtime1.ptb.de, issued by CN=R12,O=Let's Encrypt,C=US, "
                           f"valid from {iso8601(BEGIN)} until {iso8601(END)}",
                    {"certificate_subject": "CN=ptbtime1.ptb.de", "certificate_issuer": "CN=R12,O=Let's Encrypt,C=US",
                     "certificate_sha256": "8f" * 32, "certificate_not_before": BEGIN,
                     "certificate_not_after": END}),
    "keys": (0.015, "AES-SIV-CMAC-256, 8 cookies of 100 octets, NTP at 192.0.2.10 port 123",
             {"aead": "AES-SIV-CMAC-256", "cookies": 8, "cookie_length": 100, "ntp_address": "192.0.2.10",
              "ntp_port": 123}),
    "request": (0.0004, "228 octets to 192.0.2.10 port 123", {"ntp_address": "192.0.2.10", "ntp_port": 123}),
    "answer": (0.014, "authentic, stratum 1, offset +0.000380 s, delay 0.014000 s",
               {"stratum": 1, "offset": 0.00038, "delay": 0.014}),
}
STEPS = list(SHOWN)
# Of reasons, those that tests use: at which step each shows, and the helper's words for it.
FAILURES = {
    "name-not-found": ("resolve", "the name of the server does not exist"),
    "name-lookup-failed": ("resolve", "the name of the server could not be looked up"),
    "connection-refused": ("connect", "the server refuses connections for key exchange"),
    "ke-timeout": ("connect", "the key exchange was not finished in time"),
    "certificate-expired": ("certificate", "the certificate of the server has expired: for CN=ptbtime1.ptb.de, issued by "
                            f"CN=R12,O=Let's Encrypt,C=US, valid from {iso8601(usec(93 * DAY))} until "
                            f"{iso8601(usec(3 * DAY))}"),
    "no-reply": ("answer", "the server does not answer"),
    "not-authenticated": ("answer", "the answer is not authenticated"),
}


def diagnosis(reason=""):
    """All steps; one of them fails with the reason if there is one."""
    where, words = FAILURES.get(reason, ("connect", f"what experts read about {reason}"))
    fails = STEPS.index(where) if reason else len(STEPS)
    steps = []
    for i, (step, (duration, evidence, values)) in enumerate(SHOWN.items()):
        if i < fails:
            steps.append(dictionary(step=step, verdict="passed", duration=duration, evidence=evidence, **values))
        elif i == fails:
            steps.append(dictionary(step=step, verdict="failed", duration=5.0, reason=reason,
                                    evidence=words))
        else:
            steps.append(dictionary(step=step, verdict="not-reached"))
    return steps
