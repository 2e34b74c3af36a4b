"""How many threads an engine may keep busy: what this process may use of the machine."""

import math
import os
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def usable_cores(cgroup: Path = CGROUP) -> int:
    """Return the cores that this process may use: by its affinity, and by its container's quota.

    Reads `cpu.max` of cgroup v2, or `cpu.cfs_quota_us` and `cpu.cfs_period_us` of v1, as a
    container sees them at its root.
    """
    allowed = len(os.sched_getaffinity(0))
    quota = _quota(cgroup)
    return min(allowed, max(1, math.ceil(quota))) if quota else allowed


def _quota(cgroup: Path) -> float | None:
    """Return the cores' worth of time that the container gets, None where that is not limited."""
    try:
        limit, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            limit = (cgroup / "cpu" / "cpu.cfs_quota_us").read_text()
            period = (cgroup / "cpu" / "cpu.cfs_period_us").read_text()
        except OSError:
            return None
    try:
        return int(limit) / int(period) if int(limit) > 0 else None
    except (ValueError, ZeroDivisionError):
        return None  # "max", or something newer
