"""Whose turn it is at an engine: jobs that wait and jobs that run in, the job to start out.

The breath that is wanted first is made first: when its listener would run dry, or when a newcomer
is to be heard. So nobody runs dry as long as all can be served, and newcomers are let in while that
holds (`admission.py`).
"""

import math
from collections.abc import Collection
from typing import Any

from wyoming_kokoro.synthesis.schedule.admission import admitted
from wyoming_kokoro.synthesis.schedule.streams import Job, Rtf, Stream

MAKING_SECONDS = 10.0
"""Audio that is in the making for all streams together, at the most, unless one alone wants more:
each second takes memory."""

SPARE_SECONDS = 1.3
"""Audio that takes as long to make as what a listener has is to be in time before it runs dry,
where calls share the engine: newcomers, who only wait, go behind that. What a call costs does not
count: who is due first may take the engine from a long one at any time."""

GIVES_WAY_SECONDS = 1e9
"""By how much later than anything else is due what gives way: later than what any listener hears,
and before what nobody listens to."""

MOMENT_SECONDS = 1e-3
"""By how much what is made for a download is due later than what a newcomer wants at once."""


def next_job(
    waiting: Collection[Job[Any]],
    running: Collection[Job[Any]],
    streams: Collection[Stream],
    rtf: Rtf,
    now: float,
) -> Job[Any] | None:
    """Return the job to start now, beside those `running`, None where there is none.

    The most urgent one is waited for if it cannot join those that run: it would otherwise never
    have its turn.
    """
    may_start = [job for job in waiting if job.stream.has_begun]
    newcomer = admitted(waiting, streams, rtf, now)
    may_start += [newcomer] if newcomer else []
    jobs = (job.stream for job in (*may_start, *running) if not job.stream.in_background)
    started = max((s.heard_by for s in jobs if s.is_paced and s.is_starting), default=now)
    for job in may_start:
        # One that no other can be taken from has to begin in time.
        seconds = job.cost_seconds if job.engine.at_once == 1 else SPARE_SECONDS
        job.due = _due(job, seconds * rtf(job.engine), now, started)
    first = min(may_start, key=lambda job: (job.due, job.stream.asked), default=None)
    return first if first and _may_join(first, running) else None


def _due(job: Job[Any], seconds: float, now: float, started: float) -> float:
    """Return when a job is due: when a newcomer is to be heard, and so many seconds before the
    listener of another would run dry. By `started` all newcomers are heard."""
    if job.stream.in_background:
        return math.inf
    supply = job.stream.clock.supply
    if supply is None or job.stream.is_starting:
        return job.stream.heard_by
    if job.stream.gives_way:
        return now + GIVES_WAY_SECONDS + supply
    if not job.stream.is_paced:  # who plays a download may have to wait; a room never for that
        return max(now, started) + supply + MOMENT_SECONDS
    return now + supply - seconds


def _may_join(job: Job[Any], running: Collection[Job[Any]]) -> bool:
    """Tell whether `job` can run beside the others: the engine answers so many calls at once, and
    memory is bounded. What gives way leaves room for what is urgent, and the one sentence that is
    made in the background keeps nobody waiting, however long it is."""
    if not running:
        return True
    if job.stream.gives_way:
        return False
    heard = [other for other in running if not other.stream.in_background]
    seconds = job.made_seconds + sum(other.made_seconds for other in heard)
    return (
        all(other.engine is job.engine for other in running)
        and len(running) < job.engine.at_once
        and (len(running) < job.engine.at_once - 1 or job.due < min(o.due for o in running))
        and (not heard or seconds <= MAKING_SECONDS)
    )
