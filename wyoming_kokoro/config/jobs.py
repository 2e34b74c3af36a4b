"""Where jobs are recorded, and what is kept of them."""

from dataclasses import dataclass

from wyoming_kokoro.config.options import number, option, whole

JOBS = ("serve", "work")


def jobs_database(text: str) -> str:
    """Accept the database of jobs, or that there are to be none."""
    if text.lower() in ("off", "no", "false", "none"):
        return ""
    if text == "sqlite" or text.startswith(("sqlite:///", "postgresql://")):
        return text
    raise ValueError("sqlite, sqlite:///FILE, postgresql://USER:PASSWORD@HOST/DATABASE or off")


@dataclass(frozen=True)
class JobOptions:
    """Options of long texts that are asked for over HTTP."""

    jobs: str = option(
        "sqlite",
        "where jobs are recorded, the long texts that are asked for over HTTP: sqlite (a file in "
        "the data directory), sqlite:///FILE, postgresql://USER:PASSWORD@HOST/DATABASE (spoken by "
        "`wyoming-kokoro work`, on as many machines as there are), off; needs the extra `jobs`",
        jobs_database,
        "URL",
        commands=JOBS,
    )
    audio: str = option(
        "",
        "where the sound of jobs is kept: a folder, or s3://BUCKET/PREFIX, whose service and keys "
        "are in AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID and so on; of itself a folder in the data "
        "directory",
        str,
        "PLACE",
        commands=JOBS,
    )
    jobs_days: float = option(
        30.0,
        "days for which jobs are kept that are done, with their sound",
        number(0.001, 36_500),
        "DAYS",
        commands=JOBS,
    )
    jobs_megabytes: int = option(
        2_000,
        "megabytes of sound of jobs that are done; the oldest are removed when there is more",
        whole(1, 1_000_000_000),
        "MB",
        commands=JOBS,
    )
    worker: str = option(
        "",
        "name of this worker, which no other has at the same database, and which stays when it is "
        "started again; of itself this machine's name and the data directory's",
        str,
        "NAME",
        commands=("work",),
    )
