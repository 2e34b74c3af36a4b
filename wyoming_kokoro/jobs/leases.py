"""Which workers live: each renews its lease in the database, and takes over the jobs of one whose
lease has run out. A worker that its supervisor starts again takes up its own jobs by itself.
"""

from collections.abc import Callable

import sqlalchemy as sa

LEASE_SECONDS = 25.0
"""After which a worker that has not renewed its lease is taken for dead."""

RENEWAL_SECONDS = 5.0

_TABLE = sa.Table(
    "kokoro_workers",
    sa.MetaData(),
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("expires", sa.Float, nullable=False),
)
"""Seconds of the epoch by the clock of the database, which is the same for all."""


class Leases:
    """The lease of one worker. All calls wait for the database."""

    def __init__(self, url: str, name: str, take_over: Callable[[list[str]], object]) -> None:
        """`take_over` is called with the names of workers that are dead."""
        self._engine = sa.create_engine(engine_url(url), pool_pre_ping=True)
        self._name = name
        self._take_over = take_over
        self._now = _clock(self._engine.dialect.name)
        _TABLE.metadata.create_all(self._engine)

    def renew(self) -> None:
        """Live for another `LEASE_SECONDS`, and take over the jobs of those that do not.

        A worker is struck off after its jobs were taken over: where two find it dead at once, both
        do, which makes no job run twice.
        """
        expires = self._now + LEASE_SECONDS
        with self._engine.begin() as database:
            mine = _TABLE.c.name == self._name
            if not database.execute(sa.update(_TABLE).where(mine).values(expires=expires)).rowcount:
                database.execute(sa.insert(_TABLE).values(name=self._name, expires=expires))
            late = sa.select(_TABLE.c.name).where(~mine & (_TABLE.c.expires < self._now))
            dead = list(database.execute(late).scalars())
        if dead:
            self._take_over(dead)
            gone = _TABLE.c.name.in_(dead) & (_TABLE.c.expires < self._now)
            with self._engine.begin() as database:
                database.execute(sa.delete(_TABLE).where(gone))

    def end(self) -> None:
        """Leave the jobs that were begun to whoever looks next."""
        with self._engine.begin() as database:
            mine = _TABLE.c.name == self._name
            database.execute(sa.update(_TABLE).where(mine).values(expires=0.0))
        self._engine.dispose()


def engine_url(url: str) -> sa.URL:
    """Return the URL of a database, with the driver that is installed."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _clock(dialect: str) -> sa.ColumnElement[float]:
    """Return what the database knows as the seconds of the epoch."""
    if dialect == "sqlite":  # strftime('%s') is as old as SQLite; unixepoch is of 3.38
        return sa.cast(sa.func.strftime("%s", "now"), sa.Float)
    return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()), sa.Float)
