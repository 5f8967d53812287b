"""Reading and writing safetensors (u64 header length, JSON header, raw bytes), and numbers that
every program and version makes alike. Needs numpy."""
import json
import struct

import numpy as np

FORMAT_DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8"}


def read(path):
    """(name -> array, metadata)"""
    with open(path, "rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header = json.loads(stream.read(length))
        data = stream.read()
    metadata = header.pop("__metadata__", {})
    arrays = {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], FORMAT_DTYPES[entry["dtype"]])
        .reshape(entry["shape"])
        for name, entry in header.items()
    }
    return arrays, metadata


def write(path, arrays, metadata):
    names = {np.dtype(code): name for name, code in FORMAT_DTYPES.items()}
    header = {"__metadata__": metadata}
    data = b""
    for name, array in sorted(arrays.items()):
        chunk = array.tobytes()
        header[name] = {
            "dtype": names[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [len(data), len(data) + len(chunk)],
        }
        data += chunk
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text + data)


def seed_of(text):
    """FNV-1a, 64 bits."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def noise(name, shape, low, high):
    """Uniform in [low, high), float64, row-major: SplitMix64 seeded by the name. PyTorch's own
    generators give other numbers on other processors; these the C++ test makes for itself."""
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = np.uint64(seed_of(name)) + steps
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    unit = (z >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return (low + (high - low) * unit).reshape(shape)


def noise32(name, shape, low, high):
    """The same rounded to float32, still as float64: both programs then start from equal numbers."""
    return noise(name, shape, low, high).astype(np.float32).astype(np.float64)
