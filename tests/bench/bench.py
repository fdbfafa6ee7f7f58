#!/usr/bin/env python3
"""The benchmark: handoffd and two peers over the same mailbox, one after the other, some rounds; medians to RESULTS.md."""

import argparse
import contextlib
import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

import gauge
import latency
from contestants import HERE, Handoffd, Helpdesk, Script
from databases import Postgres, PostgresServer
from servers import Servers

TARGETS = [
    ("messages/s against django-helpdesk", "≥ 20 ×", "≥ 50 ×"),
    ("messages/s against the Python script", "≥ 6 ×", "≥ 15 ×"),
    ("on PostgreSQL, messages/s against django-helpdesk on PostgreSQL", "≥ 20 ×", "≥ 40 ×"),
    ("CPU a mail, all our threads", "≤ 0.8 ms", "≤ 0.3 ms"),
    ("resident memory, idle", "≤ 25 MiB", "≤ 15 MiB"),
    ("resident memory, backlog", "≤ 64 MiB", "≤ 40 MiB"),
    ("delivery to receipt, median", "≤ 0.7 s", ""),
    ("delivery to receipt, p99", "≤ 1.5 s", ""),
    ("the server's notification to receipt, median", "≤ 50 ms", "≤ 10 ms"),
]


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("mails", nargs="?", type=int, default=1000)
    ask.add_argument("--binary", required=True)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--backlog", type=int, default=10_000, help="mails of the run that shows memory; 0 skips it")
    ask.add_argument("--latency", type=int, default=30, help="mails of the latency run; 0 skips it")
    ask.add_argument("--postgres", type=int, default=3, help="rounds on PostgreSQL; 0 skips them")
    ask.add_argument("--only-handoffd", action="store_true", help="no peers, and RESULTS.md stays as it is")
    ask.add_argument("--cache", type=Path, help="where django-helpdesk is installed")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="handoffd-bench-") as folder, Servers(folder) as servers:
        found = measure(asked, servers, asked.cache or Path(folder) / "cache")
    if not asked.only_handoffd:
        (HERE / "RESULTS.md").write_text(report(asked, found))
        say("written: %s" % (HERE / "RESULTS.md"))


def measure(asked, servers, cache):
    daemon = Handoffd(asked.binary, servers)
    contestants = [daemon] if asked.only_handoffd else [daemon, Script(servers), Helpdesk(servers, cache)]
    found = rounds(contestants, asked.rounds, asked.mails)
    if asked.postgres and PostgresServer.is_installed():
        found["postgres"] = on_postgres(asked, servers, cache)
    if asked.backlog:
        found["backlog"] = daemon.run(asked.backlog)
        say("backlog of %d: %.1f mails/s, %.2f ms CPU a mail, %.1f MiB" % (
            asked.backlog, found["backlog"].rate, found["backlog"].cpu_each, found["backlog"].peak))
    found["idle"] = idle(daemon)
    say("idle: %.1f MiB, %.2f ms CPU a second" % found["idle"])
    if asked.latency:
        found["latency"] = latency.measure(daemon, asked.latency)
        say("latency: median %.3f s, p99 %.3f s; after the notification %.1f ms" % latency_figures(found["latency"]))
    return found


def rounds(contestants, count, mails):
    found = {contestant.name: [] for contestant in contestants}
    for turn in range(count):
        for contestant in contestants:
            run = contestant.run(mails)
            found[contestant.name].append(run)
            say("round %d  %-16s %7.1f mails/s  %6.2f ms CPU a mail  %5.1f MiB  (servers %.2f s, others %.2f processors)" % (
                turn + 1, contestant.name, run.rate, run.cpu_each, run.peak, run.servers_cpu, run.others))
    return found


def on_postgres(asked, servers, cache):
    say("on PostgreSQL:")
    with PostgresServer(servers.dir / "postgres") as server, accounted(servers, server):
        contestants = [Handoffd(asked.binary, servers, Postgres(server, "handoffd"))]
        if not asked.only_handoffd:
            contestants.append(Helpdesk(servers, cache, Postgres(server, "helpdesk")))
        return rounds(contestants, asked.postgres, asked.mails)


@contextlib.contextmanager
def accounted(servers, postgres):
    """What PostgreSQL takes counts as the servers' meanwhile."""
    servers.postgres = postgres
    yield
    servers.postgres = None


def idle(daemon, seconds=10):
    """(resident MiB, milliseconds of processor time a second) of a daemon with nothing to do."""
    daemon.servers.fill("idle", 0)
    daemon.set_up("idle")
    pid = daemon.start()
    time.sleep(3)
    before = gauge.cpu(pid)
    time.sleep(seconds)
    figures = gauge.memory(pid)[0], 1000 * (gauge.cpu(pid) - before) / seconds
    daemon.tear_down()
    return figures


def latency_figures(waits):
    whole = [wait for wait, _ in waits]
    after = sorted(after for _, after in waits)
    return statistics.median(whole), whole[min(len(whole) - 1, int(0.99 * len(whole)))], 1000 * statistics.median(after)


# --- the report ------------------------------------------------------------------------------------------------------

def report(asked, found):
    ours, script, helpdesk = (found[name] for name in (Handoffd.name, Script.name, Helpdesk.name))
    ratios = rate(ours) / rate(helpdesk), rate(ours) / rate(script)
    return "\n".join([
        "# Results",
        "",
        "Written by `tests/bench/run`; figures of one machine at one time. Ratios within one run are what counts.",
        "",
        *machine(asked, found),
        "",
        "## Backlog: %d mails, each recorded and acknowledged" % asked.mails,
        "",
        "| system | messages/s (all rounds) | CPU ms a mail | resident MiB at most | Dovecot and sink, CPU ms a mail |",
        "|---|---|---|---|---|",
        *[row(name, found[name]) for name in (Handoffd.name, Script.name, Helpdesk.name)],
        "",
        "handoffd is **%.1f ×** django-helpdesk and **%.1f ×** the Python script." % ratios,
        "",
        "What each does for a mail: handoffd keeps the sealed mail, a sealed record with owner, next action and due time,",
        "its history, sends the receipt to the sender and tells the owner (one letter for each mail, or, where a batch brings an",
        "owner more than five, one for all of the flood, which leaves half a minute after it ends and so after the clock stopped);",
        "the peers keep one record and send *one* letter. handoffd reads IMAP over TLS and syncs every commit (SQLite WAL, FULL),",
        "as the script does; the peers read without TLS; django-helpdesk runs with WAL and NORMAL, its best. The clock is the wall clock",
        "from the start of the process to the last receipt taken. handoffd runs with the environment its systemd unit sets.",
        "",
        *postgres(found),
        "## Targets",
        "",
        "| what | must | aim | found |",
        "|---|---|---|---|",
        *["| %s | %s | %s | %s |" % (*target, value) for target, value in zip(TARGETS, values(found, ratios))],
        "",
        *rest(found),
        "",
        (HERE / "where-the-time-goes.md").read_text().strip(),
        "",
        (HERE / "a-million-referrals.md").read_text().strip(),
        "",
    ])


def rate(runs):
    return statistics.median(run.rate for run in runs)


def postgres(found):
    if "postgres" not in found:
        return []
    ours, helpdesk = (found["postgres"][name] for name in (Handoffd.name, Helpdesk.name))
    return [
        "The same with both on PostgreSQL, as it comes (fsync and synchronous_commit on):",
        "",
        "| system | messages/s (all rounds) | CPU ms a mail | resident MiB at most | Dovecot, sink and PostgreSQL, CPU ms a mail |",
        "|---|---|---|---|---|",
        row(Handoffd.name, ours),
        row(Helpdesk.name, helpdesk),
        "",
        "handoffd is **%.1f ×** django-helpdesk there." % (rate(ours) / rate(helpdesk)),
        "",
    ]


def machine(asked, found):
    runs = [run for name in (Handoffd.name, Script.name, Helpdesk.name) for run in found[name]]
    others = statistics.median(run.others for run in runs)
    busy = "The machine was quiet" if others < 0.15 else "**The machine was busy with other work**"
    return [
        "- %s, %d processors, %s; Python %s, SQLite of the peers %s" % (
            time.strftime("%Y-%m-%d"), os.cpu_count(), processor(), platform.python_version(), sqlite3.sqlite_version),
        "- %d rounds; medians. %s: others kept %.2f processors busy at the median of all runs (%.2f at most)." % (
            asked.rounds, busy, others, max(run.others for run in runs)),
    ]


def processor():
    with open("/proc/cpuinfo") as cpus:
        names = [line.partition(":")[2].strip() for line in cpus if line.startswith("model name")]
    return names[0] if names else platform.machine()


def row(name, runs):
    median = lambda value: statistics.median(value(run) for run in runs)
    return "| %s | **%.0f** (%s) | %.2f | %.1f | %.2f |" % (
        name, median(lambda run: run.rate), ", ".join("%.0f" % run.rate for run in runs), median(lambda run: run.cpu_each),
        median(lambda run: run.peak), median(lambda run: 1000 * run.servers_cpu / run.mails))


def values(found, ratios):
    ours = found[Handoffd.name]
    backlog = found.get("backlog")
    yield "%.1f ×" % ratios[0]
    yield "%.1f ×" % ratios[1]
    if "postgres" in found:
        yield "%.1f ×" % (rate(found["postgres"][Handoffd.name]) / rate(found["postgres"][Helpdesk.name]))
    else:
        yield "not measured"
    yield "%.2f ms" % statistics.median(run.cpu_each for run in ours)
    yield "%.1f MiB" % found["idle"][0]
    yield "%.1f MiB (%d mails)" % (backlog.peak, backlog.mails) if backlog else "not measured"
    if "latency" in found:
        median, last, after = latency_figures(found["latency"])
        yield "%.2f s" % median
        yield "%.2f s (%d mails)" % (last, len(found["latency"]))
        yield "%.1f ms" % after
    else:
        yield from ["not measured"] * 3


def rest(found):
    backlog = found.get("backlog")
    lines = ["An idle daemon takes %.2f ms of processor time a second." % found["idle"][1]]
    if backlog:
        lines.append("A backlog of %d mails: %.0f messages/s, %.2f ms CPU a mail." % (backlog.mails, backlog.rate, backlog.cpu_each))
    if "latency" in found:
        lines.append("Latency: mails one at a time into the inbox of an idle daemon in IDLE; Dovecot itself waits 0.5 s before it tells.")
    return lines


def say(text):
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
