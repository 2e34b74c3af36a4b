"""`script/bench NAME`: runs one measurement and prints it."""

import argparse

from tests.bench import engines, service


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True)
    against = names.add_parser("engines", help="the engine against kokoro-onnx and kokoro")
    against.add_argument("--rounds", type=int, default=7)
    against.add_argument("--threads", type=int, default=2)
    against.add_argument("--mixed", type=int, default=100, help="requests before memory is read")
    served = names.add_parser("service", help="start, describe and first audio of the server")
    served.add_argument("--rounds", type=int, default=5)
    chosen = vars(parser.parse_args())
    {"engines": engines.measure, "service": service.measure}[chosen.pop("name")](**chosen)


if __name__ == "__main__":
    main()
