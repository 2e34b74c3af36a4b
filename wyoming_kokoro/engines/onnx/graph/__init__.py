"""Kokoro's network as ONNX stages: a checkpoint and its configuration in, four graphs out.

    ids, style -> [text] -> encoding, durations, features      one row or column a token
    encoding, style -> [prosody] -> pitch, energy              two values a frame
    features, pitch, energy, style -> [front] -> hidden        two columns a frame
    hidden, source, style -> [generator] -> waveform           600 samples a frame

Holding each token for its duration, between the first two, and making the harmonic source, before
the last, are not in the graphs: numpy does both. `text`, `prosody`, `front` and `generator` here
are the definition of the network, each written with `layers` on top of `builder`, the home of
`onnx`; `stages` keeps what they build on disk.

The architecture is that of hexgrad/kokoro 0.9.4 (StyleTTS 2 by Li et al., 2023, with an iSTFTNet
decoder by Kaneko et al., 2022).
"""
