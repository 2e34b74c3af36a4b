"""`script/bench NAME`: runs one measurement and prints it."""

import argparse

from tests.bench import chart, engines, service


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
    names.add_parser("chart", help="draw docs/first-audio.svg from docs/performance.md")
    chosen = vars(parser.parse_args())
    commands = {"engines": engines.measure, "service": service.measure, "chart": chart.draw}
    commands[chosen.pop("name")](**chosen)


if __name__ == "__main__":
    main()
