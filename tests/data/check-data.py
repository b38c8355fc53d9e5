#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-data.py CHECK FILE...: judges one kind of installed data. Exit 77 = a tool is missing."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree


def fail(message):
    sys.exit("FAILED: " + message)


def run(*command, **options):
    """Runs a tool, which shall succeed and have nothing to say."""
    if shutil.which(command[0]) is None:
        print(command[0], "is not installed")
        sys.exit(77)
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            check=False, **options)
    if result.returncode != 0:
        fail(f"{' '.join(command)}: exit {result.returncode}\n{result.stdout}")
    return result.stdout.strip()


def check_desktop(*files):
    for file in files:
        said = run("desktop-file-validate", "--no-hints", file)
        if said:
            fail(said)


def check_metainfo(*files):
    for file in files:
        run("appstreamcli", "validate", "--no-net", file)


def check_xml(*files):
    for file in files:
        run("xmllint", "--noout", "--nonet", file)


def check_schema(*folders):
    for folder in folders:
        said = run("glib-compile-schemas", "--strict", "--dry-run", folder)
        if said:
            fail(said)


def members(interface):
    """Yields each method, signal and property with the comment before it."""
    comment = ""
    for child in interface:
        if child.tag is ElementTree.Comment:
            comment = child.text.strip()
        else:
            yield child, comment
            comment = ""


def check_contract(file):
    """Every member is documented, under its own name; all types are types."""
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    interface = ElementTree.parse(file, parser).getroot().find("interface")
    count = 0
    for member, comment in members(interface):
        name = member.get("name")
        count += 1
        if not comment.startswith(name + ": "):
            fail(f"{member.tag} {name} is not documented")
        if member.tag == "property" and member.get("access") != "read":
            fail(f"property {name} can be written")
        for argument in [member] if member.tag == "property" else member.findall("arg"):
            if not re.fullmatch(r"(a*(\(\w+\)|\{sv\}|[bynqiuxtdsv]))+", argument.get("type")):
                fail(f"{name}: type {argument.get('type')}")
    if count < 30:
        fail(f"only {count} members found")


def check_policy(policy, authority):
    """The actions that the helper asks about are those that polkit knows, and the helper owns them."""
    root = ElementTree.parse(policy).getroot()
    actions = set()
    for action in root.findall("action"):
        name = action.get("id")
        actions.add(name)
        owner = [a.text for a in action.findall("annotate")
                 if a.get("key") == "org.freedesktop.policykit.owner"]
        if owner != ["unix-user:gnomon"]:
            fail(f"{name}: owner {owner}")
        for who in "allow_any", "allow_inactive", "allow_active":
            if action.find("defaults/" + who) is None:
                fail(f"{name}: {who} is missing")
        for who in "allow_any", "allow_inactive":
            if action.find("defaults/" + who).text == "yes":
                fail(f"{name}: {who} is yes")
    with open(authority, encoding="utf-8") as source:
        asked = set(re.findall(r'"(org\.gnomon\.helper\.[a-z-]+)"', source.read()))
    if asked - {"org.gnomon.helper.unknown"} != actions:
        fail(f"asked {sorted(asked)}, defined {sorted(actions)}")


def check_unit(unit):
    """systemd understands every line; the helper has one capability and may use it."""
    with open(unit, encoding="utf-8") as source:
        text = source.read()
    for line in ("CapabilityBoundingSet=CAP_SYS_TIME", "AmbientCapabilities=CAP_SYS_TIME",
                 "NoNewPrivileges=yes", "User=gnomon", "BusName=org.gnomon.Helper1"):
        if line not in text.splitlines():
            fail(f"{line} is missing")
    for line in "ProtectClock=", "PrivateUsers=":
        if re.search(f"^{line}", text, re.MULTILINE):
            fail(f"{line} takes the clock away")
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "gnomon-helper.service")
        with open(copy, "w", encoding="utf-8") as target:
            target.write(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE))
        said = run("systemd-analyze", "verify", "--man=no", copy)
        complaints = [line for line in said.splitlines() if "gnomon" in line]
        if complaints:
            fail("\n".join(complaints))
        # Tenths of systemd's measure, 0 = nothing can be reached; a network service cannot be 0.
        run("systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=25", copy)


def check_man(*pages):
    environment = {**os.environ, "MANROFFSEQ": "", "MAN_KEEP_STDERR": "1", "LC_ALL": "C.UTF-8"}
    for page in pages:
        said = run("groff", "-man", "-ww", "-z", "-Tutf8", "-Kutf8", page, env=environment)
        if said:
            fail(said)
        with open(page, encoding="utf-8") as source:
            left = re.findall(r"@\w+@", source.read())
        if left:
            fail(f"{page}: {left}")


def check_keys(page, example, source):
    """The manual page and the example have all the keys of the configuration file, and no others."""
    with open(source, encoding="utf-8") as file:
        keys = set(re.findall(r'^ +\{ "([A-Z]\w*)", ', file.read(), re.MULTILINE))
    with open(page, encoding="utf-8") as file:
        heads = re.findall(r"^\.TP\n\.B[RI]* (.*)", file.read(), re.MULTILINE)
    described = {key for head in heads for key in re.findall(r"[A-Z]\w+", head)}
    with open(example, encoding="utf-8") as file:
        shown = set(re.findall(r"^#([A-Z]\w*)=", file.read(), re.MULTILINE))
    if len(keys) < 15:
        fail(f"only {sorted(keys)} are known")
    if described != keys or shown != keys:
        fail(f"known {sorted(keys)}, described {sorted(described)}, in the example {sorted(shown)}")


def check_actions(page, policy):
    """The manual page has all the actions of polkit."""
    with open(page, encoding="utf-8") as file:
        text = file.read().replace("\\-", "-")
    for action in ElementTree.parse(policy).getroot().iter("action"):
        if f"\n.B {action.get('id')}\n" not in text:
            fail(f"{action.get('id')} is not described")


def check_options(page, program, *arguments):
    """The manual page has all the options that the program has with each of the arguments, and no others; and it
    has all of those arguments."""
    offered = set()
    for words in [], *[[argument] for argument in arguments]:
        result = subprocess.run([program, *words, "--help"], capture_output=True, text=True,
                                check=True)
        offered |= set(re.findall(r"^ .*?(--[a-z-]+)", result.stdout, re.MULTILINE))
    offered = {option for option in offered if not option.startswith("--help")}
    with open(page, encoding="utf-8") as source:
        text = source.read().replace("\\-", "-")
    described = set(re.findall(r"^\.TP\n\.B[RI]* (--[a-z-]+)", text, re.MULTILINE))
    for word in arguments:
        if not re.search(rf"^\.TP\n\.B[IR]* {word}\b", text, re.MULTILINE):
            fail(f"the command {word} is not described")
    if offered != described:
        fail(f"offered {sorted(offered)}, described {sorted(described)}")


def check_icons(*files):
    for file in files:
        run("xmllint", "--noout", "--nonet", file)
        root = ElementTree.parse(file).getroot()
        if not root.tag.endswith("}svg"):
            fail(f"{file} is not an SVG")
        if not file.endswith("-symbolic.svg"):
            continue
        if (root.get("width"), root.get("height")) != ("16", "16"):
            fail(f"{file}: symbols are 16 by 16")
        colours = {e.get("fill") for e in root.iter() if e.get("fill")}
        if len(colours) > 1:
            fail(f"{file}: symbols have one colour, not {colours}")


def check_servers(file):
    """Ten columns; no host twice; nobody's private servers."""
    hosts = set()
    with open(file, encoding="utf-8") as source:
        rows = [line.rstrip("\n").split("\t") for line in source if not line.startswith("#")]
    for row in rows:
        if len(row) != 10:
            fail(f"{row[0]}: {len(row)} columns")
        host, port, operator, country, code, stratum, anycast, versions, page, _note = row
        if not re.fullmatch(r"([a-z0-9-]+\.)+[a-z]+", host) or host in hosts:
            fail(f"host {host}")
        hosts.add(host)
        if not 0 < int(port) < 65536 or not 0 < int(stratum) < 16 or not operator:
            fail(f"{host}: port, stratum or operator")
        if bool(country) != bool(re.fullmatch("[A-Z]{2}", code)):
            fail(f"{host}: country")
        if anycast not in ("yes", "no") or versions not in ("", "both", "6"):
            fail(f"{host}: anycast or IP versions")
        if page and not re.fullmatch(r"https?://\S+", page):
            fail(f"{host}: page")
        if host.endswith("ntp.ubuntu.com"):
            fail(f"{host} is for the users of one distribution")
    if len(hosts) < 50:
        fail(f"only {len(hosts)} servers")


if __name__ == "__main__":
    globals()["check_" + sys.argv[1]](*sys.argv[2:])
