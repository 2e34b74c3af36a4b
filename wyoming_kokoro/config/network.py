"""How the server is found, and what it is to a fleet."""

from dataclasses import dataclass

from wyoming_kokoro.config.options import LISTENING, number, option, switch, whole


def agent_address(text: str) -> str:
    """Accept a URI that agent checks can be answered at, or that none are."""
    if text.lower() in ("off", "no", "false", "none"):
        return ""
    scheme, separator, rest = text.partition("://")
    if not (separator and rest) or scheme.lower() != "tcp":
        raise ValueError("tcp://HOST:PORT or off")
    return f"tcp://{rest}"


def nodes(text: str) -> tuple[str, ...]:
    """Accept the addresses of servers, separated by commas or spaces."""
    addresses = [one.removeprefix("tcp://") for one in text.replace(",", " ").split()]
    for one in addresses:
        host, colon, port = one.rpartition(":")
        if not (host and colon and port.isdecimal() and 0 < int(port) < 65_536):
            raise ValueError("HOST:PORT,HOST:PORT ...")
    return tuple(f"tcp://{one}" for one in addresses)


@dataclass(frozen=True)
class NetworkOptions:
    """Options of discovery, of balancers, and of the other nodes of a fleet."""

    name: str = option("", "name to announce by zeroconf; default Kokoro and an id", str, "NAME")
    zeroconf: bool = option(True, "announce the server to the local network", switch, "BOOL")
    advertise_address: str = option(
        "",
        "address to announce instead of this machine's own, as needed in containers",
        str,
        "HOST",
    )
    advertise_port: int = option(
        0,
        "port to announce instead of the one that is listened at: of a balancer, or of a "
        "container's host; 0 announces the own one",
        whole(0, 65_535),
        "PORT",
    )
    agent: str = option(
        "",
        "where to tell a balancer how much more can be taken: tcp://HOST:PORT, as HAProxy's "
        "agent-check asks; when the server is told to stop, it says `drain` there before it takes "
        "no more",
        agent_address,
        "URI",
    )
    drain_seconds: float = option(
        8.0,
        "seconds for which what was accepted is spoken to its end when the server is told to stop; "
        "twice SIGINT ends that at once",
        number(0, 86_400),
        "SECONDS",
        commands=LISTENING,
    )
    fleet: str = option(
        "",
        "where clients reach the fleet that this server is a node of, tcp://HOST:PORT: it is asked "
        "at the start, and what differs from this node is logged as a warning",
        agent_address,
        "URI",
    )
    nodes: tuple[str, ...] = option(
        (),
        "servers that the front has speak: HOST:PORT,HOST:PORT ...",
        nodes,
        "NODES",
        commands=("front",),
    )
