"""The structures of the native library's interface; see `src/interface.h`."""

import ctypes


class ShapeStructure(ctypes.Structure):
    """`wk_shape`."""

    _fields_ = (
        ("channels", ctypes.c_int32),
        ("source_channels", ctypes.c_int32),
        ("size", ctypes.c_int32),
        ("hop", ctypes.c_int32),
        ("rates", ctypes.c_int32 * 2),
        ("source_kernels", ctypes.c_int32 * 2),
        ("source_block_kernels", ctypes.c_int32 * 2),
        ("source_dilations", ctypes.c_int32 * 3),
        ("kernels", ctypes.c_int32 * 3),
        ("dilations", (ctypes.c_int32 * 3) * 3),
        ("post_kernel", ctypes.c_int32),
    )


class FrontStructure(ctypes.Structure):
    """`wk_front_shape`."""

    _fields_ = (
        ("features", ctypes.c_int32),
        ("width", ctypes.c_int32),
        ("text", ctypes.c_int32),
        ("outputs", ctypes.c_int32),
    )


class ProsodyStructure(ctypes.Structure):
    """`wk_prosody_shape`."""

    _fields_ = (
        ("features", ctypes.c_int32),
        ("width", ctypes.c_int32),
    )


class TextStructure(ctypes.Structure):
    """`wk_text_shape`."""

    _fields_ = tuple(
        (name, ctypes.c_int32)
        for name in (
            *("tokens", "positions", "embedding", "hidden", "inner", "heads", "repeats"),
            *("width", "style", "layers", "kernel", "most_frames"),
        )
    )


class TextCallStructure(ctypes.Structure):
    """`wk_text_call`."""

    _fields_ = (
        ("ids", ctypes.c_void_p),
        ("count", ctypes.c_int64),
        ("style", ctypes.c_void_p),
        ("styling", ctypes.c_void_p),
        ("threads", ctypes.c_int32),
        ("due", ctypes.c_double),
        ("encoding", ctypes.c_void_p),
        ("durations", ctypes.c_void_p),
        ("features", ctypes.c_void_p),
    )


class LayerStructure(ctypes.Structure):
    """`wk_layer`."""

    _fields_ = (
        ("instructions", ctypes.c_char_p),
        ("precision", ctypes.c_int32),
        ("inputs", ctypes.c_int32),
        ("outputs", ctypes.c_int32),
        ("taps", ctypes.c_int32),
        ("dilation", ctypes.c_int32),
        ("weights", ctypes.c_void_p),
        ("ranges", ctypes.c_void_p),
        ("styling", ctypes.c_void_p),
        ("threads", ctypes.c_int32),
        ("repeats", ctypes.c_int32),
    )
