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


# What each step shows and needs, s.
SHOWN = {
    "resolve": (0.012, "192.0.2.10 and 2001:db8::10, from the system’s resolver", {"address": "192.0.2.10"}),
    "connect": (0.014, "192.0.2.10, TCP port 4460", {"address": "192.0.2.10", "port": 4460}),
    "tls": (0.031, "TLS 1.3, TLS_AES_256_GCM_SHA384, application protocol ntske/1",
            {"tls_version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384"}),
    "certificate": (0.002, "issued by Let's Encrypt R12, valid for 50 days",
                    {"certificate_subject": "CN=ptbtime1.ptb.de", "certificate_issuer": "CN=R12,O=Let's Encrypt,C=US",
                     "certificate_sha256": "8f" * 32, "certificate_not_before": usec(11 * DAY),
                     "certificate_not_after": usec(-50 * DAY)}),
    "keys": (0.015, "8 cookies of 100 bytes, AES-SIV-CMAC-256",
             {"aead": "AES-SIV-CMAC-256", "cookies": 8, "cookie_length": 100, "ntp_address": "192.0.2.10",
              "ntp_port": 123}),
    "request": (0.014, "an answer after 14 ms", {"ntp_address": "192.0.2.10", "ntp_port": 123, "delay": 0.014}),
    "answer": (0.0001, "authenticated, stratum 1, offset +0.38 ms", {"stratum": 1, "offset": 0.00038, "delay": 0.014}),
}
STEPS = list(SHOWN)
# At which step a reason shows, for those that tests use.
FAILS_AT = {"name-not-found": "resolve", "name-lookup-failed": "resolve", "connection-refused": "connect",
            "ke-timeout": "connect", "certificate-expired": "certificate", "no-reply": "request",
            "not-authenticated": "answer"}


def diagnosis(reason=""):
    """All steps; one of them fails with the reason if there is one."""
    fails = STEPS.index(FAILS_AT.get(reason, "connect")) if reason else len(STEPS)
    steps = []
    for i, (step, (duration, evidence, values)) in enumerate(SHOWN.items()):
        if i < fails:
            steps.append(dictionary(step=step, verdict="passed", duration=duration, evidence=evidence, **values))
        elif i == fails:
            steps.append(dictionary(step=step, verdict="failed", duration=5.0, reason=reason,
                                    evidence=f"what experts read about {reason}"))
        else:
            steps.append(dictionary(step=step, verdict="not-reached", duration=0.0))
    return steps
