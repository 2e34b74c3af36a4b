"""Frozen settings, and the limits a client meets."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may ask of the server. Passed in, never read from the environment.

    Sizes are bytes unless the name says otherwise, times are seconds.
    """

    header_bytes: int = 64 * 1024
    data_bytes: int = 256 * 1024
    payload_bytes: int = 1024 * 1024
    text_characters: int = 20_000
    """In one request, or in all chunks of one stream."""
    sentence_characters: int = 1_000
    """Text without an end of sentence after which one is made."""
    connections: int = 64
    queued_requests: int = 32
    queued_requests_a_connection: int = 4
    frame_seconds: float = 10.0
    """From an event's first byte to its last."""
    idle_seconds: float = 300.0
    """Without any event, while nothing is being spoken."""
    write_stall_seconds: float = 30.0
    """During which a client takes no byte of what is sent."""
    error_linger_seconds: float = 1.0
    """After an `error`, how long what the client still sends is read before closing."""
    queue_seconds: float = 30.0
    """How long a request may wait for its turn before it is told `overloaded`."""
    breaths_ahead: int = 2
    """Breaths made that a slow socket has not yet taken."""
    seconds_ahead: float = 8.0
    """Audio sent ahead of what the listener has heard."""
    engine_watchdog_seconds: float = 60.0
    shutdown_grace_seconds: float = 8.0
    voice_file_bytes: int = 4 * 1024 * 1024
    blend_parts: int = 8
