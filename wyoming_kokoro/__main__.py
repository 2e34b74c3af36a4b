"""`python -m wyoming_kokoro` is the command `wyoming-kokoro`."""

from wyoming_kokoro.cli.main import main

if __name__ == "__main__":
    main()
