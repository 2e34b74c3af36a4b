"""What no scheduler can do better than, in a house like that of `house.py`: rooms, and how quickly
95 of 100 of their replies can begin without a gap, in units of one request at a time.

Two schedulers of an idealised machine, which can be taken from one reply and given to another at no
cost, after any quarter of a second of speech, and makes no mistake about what anything costs:

- *Without foresight*: earliest deadline first; a newcomer is let in as soon as the demand test
  (Baruah 1990) tells that everybody can be fed: `synthesis/schedule/` without its errors.
- *With foresight*: knows who will ask, and may let 5 of 100 wait for ever. A lower bound, for the
  arrivals of the other: work that is due in an interval and came in it must fit into it, so that
  enough replies have to be left out of each that is too short; a linear program counts how many, if
  they could be left out in part.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

import numpy as np
import numpy.typing as npt

from script.benchmarks.figures import progress
from tests.support.house import (
    CHARACTER_SECONDS,
    PLAN,
    REPLIES,
    SENTENCE_SECONDS,
    THINKING_SECONDS,
)

HOUSES = tuple(
    (1 / streams, rooms)
    for streams, rooms in (
        (2.8, 4), (2.8, 5), (2.8, 6), (4, 6), (4, 8), (6, 9), (6, 12), (8, 12), (8, 16),
    )
)  # fmt: skip
"""Real-time factor and rooms: half to seven tenths of what it can make."""

FIRST_SECONDS, LATER_SECONDS = 0.5, 0.25
"""Speech of a reply's first part and of each later one."""

MARGINS = (1.0, 1.5, 2.0)
"""In how many times what its start takes a newcomer is to be heard; the first that can be."""

ROOM = 0.95
"""Share of the machine's time that is promised."""

HORIZON_SECONDS = 60.0
"""Longest interval that is looked at."""

LEFT_OUT = 0.05
"""Share of the replies that may wait for ever."""

Numbers = npt.NDArray[np.float64]


@dataclass(eq=False)
class Reply:
    """One that was asked for, in parts."""

    room: int
    asked: float
    due: Numbers
    """When each part is needed, after the reply begins to be heard."""
    cost: Numbers
    """What is still to be done of each."""
    heard: float = 0.0
    """When it begins, or is to."""
    made: int = 0


@dataclass
class _Life:
    firsts: list[float] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    """As they were asked for, with all of their cost."""
    work: float = 0.0


def measure(seconds: int = 900) -> None:
    """Print a line for each house."""
    cells = ("streams", "rooms", "load", "one at a time", "without foresight", "with foresight")
    print("".join(f"{cell:>19}" for cell in cells))
    for rtf, rooms in progress(HOUSES, "houses"):
        one, ideal = (_live(rtf, rooms, seconds, in_turn) for in_turn in (True, False))
        unit = float(np.percentile(one.firsts, 95))
        reached, least = float(np.percentile(ideal.firsts, 95)), _least(ideal.replies)
        row = f"{1 / rtf:19.1f}{rooms:19}{ideal.work / seconds:19.2f}{unit:17.2f} s"
        print(row + "".join(f"{f'{s:.2f} s, {s / unit:.2f}':>19}" for s in (reached, least)))


def _parts(text: str, rtf: float) -> tuple[Numbers, Numbers, float]:
    """Return when each part of a reply is needed after it begins, what each costs, and how long
    all is. The plan of a sentence is done with its first part."""
    due, cost, starts = list[float](), list[float](), 0.0
    for sentence in re.split(r"(?<=\.) ", text):
        seconds, at = SENTENCE_SECONDS + CHARACTER_SECONDS * len(sentence), 0.0
        while at < seconds:
            part = min(LATER_SECONDS if due else FIRST_SECONDS, seconds - at)
            due.append(starts + at)
            cost.append(rtf * ((1 - PLAN) * part + (0 if at else PLAN * seconds)))
            at += part
        starts += seconds
    return np.array(due), np.array(cost), starts


def _live(rtf: float, rooms: int, seconds: float, in_turn: bool) -> _Life:
    """Let rooms ask for so many seconds."""
    chances = [random.Random(room) for room in range(rooms)]
    asking = [(chance.uniform(0, THINKING_SECONDS), room) for room, chance in enumerate(chances)]
    heapify(asking)
    parts = {text: _parts(text, rtf) for text in REPLIES}
    lengths = dict[Reply, float]()
    life, waiting, begun, now = _Life(), list[Reply](), list[Reply](), 0.0
    while now < seconds:
        now = now if begun or waiting else asking[0][0]
        while asking and asking[0][0] <= now:
            asked, room = heappop(asking)
            due, cost, length = parts[chances[room].choice(REPLIES)]
            waiting.append(Reply(room, asked, due, cost.copy()))
            lengths[waiting[-1]] = length
            life.replies.append(Reply(room, asked, due, cost))
        _admit(waiting, begun, now, in_turn)
        reply = min(begun, key=lambda one: one.heard + one.due[one.made])
        until = min(now + reply.cost[reply.made], asking[0][0] if asking else seconds)
        life.work += until - now
        reply.cost[reply.made] -= until - now
        now = until
        if reply.cost[reply.made] > 1e-9:
            continue
        if not reply.made:
            reply.heard = now
            life.firsts.append(now - reply.asked)
        reply.made += 1
        if reply.made == len(reply.cost):
            begun.remove(reply)
            ends = max(now, reply.heard + lengths[reply])
            thinks = chances[reply.room].expovariate(1 / THINKING_SECONDS)
            heappush(asking, (ends + thinks, reply.room))
    return life


def _admit(waiting: list[Reply], begun: list[Reply], now: float, in_turn: bool) -> None:
    """Let in who can be fed beside the others, the first who asked first."""
    for reply in list(waiting):
        starting = sum(one.cost[0] for one in begun if not one.made)
        for margin in MARGINS:
            reply.heard = now + starting + margin * reply.cost[0]
            if not begun or (not in_turn and _can_be_met([*begun, reply], now)):
                waiting.remove(reply)
                begun.append(reply)
                break


def _can_be_met(replies: Sequence[Reply], now: float) -> bool:
    due = np.concatenate([one.heard + one.due[one.made :] for one in replies])
    cost = np.concatenate([one.cost[one.made :] for one in replies])
    order = np.argsort(due, kind="stable")
    return bool((np.cumsum(cost[order]) <= ROOM * (due[order] - now) + 1e-9).all())


def _least(replies: Sequence[Reply]) -> float:
    """Return the least seconds within which all but `LEFT_OUT` of the replies could begin."""
    low, high = 0.0, 30.0
    while high - low > 0.02:
        middle = (low + high) / 2
        if left_out(replies, middle) <= LEFT_OUT * len(replies):
            high = middle
        else:
            low = middle
    return low


def left_out(replies: Sequence[Reply], within: float) -> float:
    """Return how many replies must be left out at least, in parts, so that the others can begin
    within so many seconds: constraints are added until none is violated."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, vstack

    owner = np.repeat(np.arange(len(replies)), [len(one.due) for one in replies])
    due = np.concatenate(
        [one.asked + within + one.due + LATER_SECONDS * (one.due > 0) for one in replies]
    )
    cost = np.concatenate([one.cost for one in replies])
    order = np.argsort(due, kind="stable")
    owner, due, cost = owner[order], due[order], cost[order]
    out, rows, lacks = np.zeros(len(replies)), list[csr_matrix](), list[float]()
    while True:
        before = len(rows)
        for first, reply in enumerate(replies):
            here = slice(*np.searchsorted(due, [reply.asked, reply.asked + HORIZON_SECONDS]))
            inside = owner[here] >= first
            who, work, end = owner[here][inside], cost[here][inside], due[here][inside]
            lack = np.cumsum(work * (1 - out[who])) - (end - reply.asked)
            worst = int(lack.argmax()) + 1
            if lack[worst - 1] > 1e-6:
                row = np.bincount(who[:worst], work[:worst], len(replies))
                rows.append(csr_matrix(row))
                lacks.append(float(row.sum() - (end[worst - 1] - reply.asked)))
        if len(rows) == before:
            return float(out.sum())
        found = linprog(np.ones(len(replies)), -vstack(rows), -np.array(lacks), bounds=(0, 1))
        out = found.x
