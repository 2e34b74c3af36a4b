"""Every failure that can be told to somebody, each with a wire code and an exit code.

The message of each names the thing and the remedy; it may be sent to a client as it is.
"""


class KokoroError(Exception):
    """Base of all errors a user can meet."""

    code = "internal-error"
    """Stable identifier, sent in the Wyoming `error` event."""

    exit_code = 1
    """What the process exits with when this ends it."""


class ConfigurationError(KokoroError):
    """An option has a value that cannot be used."""

    code = "configuration"
    exit_code = 2


class BadRequest(KokoroError):
    """A client sent something that is not the protocol."""

    code = "bad-request"


class TooLarge(BadRequest):
    """A client sent more than a limit allows."""

    code = "too-large"


class TimedOut(BadRequest):
    """A client took longer than a limit allows."""

    code = "timed-out"


class UnknownVoice(KokoroError):
    """No voice has this name."""

    code = "unknown-voice"


class UnknownLanguage(KokoroError):
    """No language has this name, or the packages that read it are not installed."""

    code = "unknown-language"


class ModelUnavailable(KokoroError):
    """The model's files are absent or do not load."""

    code = "model-unavailable"
    exit_code = 3

    temporary = False
    """Whether trying again later may help without anybody changing anything."""


class DownloadFailed(ModelUnavailable):
    """A file could not be fetched."""

    def __init__(self, message: str, *, temporary: bool = True) -> None:
        super().__init__(message)
        self.temporary = temporary


class BadModelFile(ModelUnavailable):
    """A model file is not what it should be."""


class EspeakUnavailable(KokoroError):
    """espeak-ng, which reads most languages and speaks for the stand-in, does not load."""

    code = "espeak-unavailable"


class BadVoiceFile(KokoroError):
    """A voice file is not what it should be."""

    code = "bad-voice-file"


class Overloaded(KokoroError):
    """The server has as much to do as it can do well."""

    code = "overloaded"


class ShuttingDown(KokoroError):
    """The server is stopping and takes no more requests."""

    code = "shutting-down"


class Unavailable(KokoroError):
    """Something that this is done with is not here, or does not answer now."""

    code = "unavailable"


class ServerUnreachable(KokoroError):
    """No server answers at the address given to the client."""

    code = "unreachable"


class BadAnswer(KokoroError):
    """A server sent something that is not the protocol, or stopped in the middle."""

    code = "bad-answer"


class SynthesisFailed(KokoroError):
    """The engine could not make this speech."""

    code = "synthesis-failed"


class EngineDead(SynthesisFailed):
    """The engine hangs or is gone for good; the process must be restarted."""

    exit_code = 4
