"""Figures of processes, from /proc: processor time, resident memory, and what else the machine was doing."""

import os

TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    """Seconds of processor time of a process, its threads and its reaped children."""
    try:
        with open("/proc/%d/stat" % pid) as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def tree_cpu(root):
    """The same for a process and all that descend from it."""
    return sum(cpu(pid) for pid in tree(root))


def tree(root):
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry) as stat:
                    parents.setdefault(int(stat.read().rpartition(")")[2].split()[1]), []).append(int(entry))
            except OSError:
                pass
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents.get(pid, [])
    return found


def memory(pid):
    """(resident now, resident at most) in MiB."""
    values = {}
    with open("/proc/%d/status" % pid) as status:
        for line in status:
            name, _, value = line.partition(":")
            if name in ("VmRSS", "VmHWM"):
                values[name] = int(value.split()[0]) / 1024
    return values["VmRSS"], values["VmHWM"]


def machine_busy():
    """Seconds of processor time spent by the whole machine since it started."""
    with open("/proc/stat") as stat:
        fields = list(map(int, stat.readline().split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / TICKS


class Others:
    """How much processor time everybody else took meanwhile, in processors."""

    def __init__(self):
        self.busy, self.own = machine_busy(), None

    def took(self, own, wall):
        return max(0.0, (machine_busy() - self.busy - own) / wall)
