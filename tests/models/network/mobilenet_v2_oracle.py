#!/usr/bin/env python3
"""Pooled features of MobileNetV2 on a synthetic image, by numpy alone and straight from the op graph.

Prints the first eight features and two sums of all, the golden values of network_test.cpp.
"""
import json
import struct
import sys

import numpy as np


def read_safetensors(path):
    with open(path, "rb") as stream:
        (length,) = struct.unpack("<Q", stream.read(8))
        header = json.loads(stream.read(length))
        data = stream.read()
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], "<f4")
        .reshape(entry["shape"])
        .astype(np.float64)
        for name, entry in header.items()
    }


def same_padding(length, kernel, stride):
    outputs = -(-length // stride)
    total = max(0, (outputs - 1) * stride + kernel - length)
    return outputs, (total // 2, total - total // 2)


def convolve(x, weight, bias, stride, groups):
    kernel = weight.shape[2]
    height, rows = same_padding(x.shape[1], kernel, stride)
    width, columns = same_padding(x.shape[2], kernel, stride)
    x = np.pad(x, ((0, 0), rows, columns))
    y = np.zeros((weight.shape[0], height, width))
    for dy in range(kernel):
        for dx in range(kernel):
            window = x[:, dy : dy + stride * height : stride, dx : dx + stride * width : stride]
            window = window[:, :height, :width]
            if groups == 1:
                y += np.tensordot(weight[:, :, dy, dx], window, 1)
            else:
                y += weight[:, 0, dy, dx, None, None] * window
    return y + bias[:, None, None]


def main(weights_path, graph_path):
    tensors = read_safetensors(weights_path)
    with open(graph_path, encoding="utf-8") as stream:
        graph = json.load(stream)
    outputs = {"input": np.sin(0.001 * np.arange(3 * 224 * 224)).reshape(3, 224, 224)}
    for op in graph:
        inputs = [outputs[name] for name in op["inputs"]]
        if op["op"] == "ADD":
            outputs[op["name"]] = inputs[0] + inputs[1]
            continue
        if op["op"] == "MEAN":
            pooled = inputs[0].mean(axis=(1, 2))
            print("first 8:", ", ".join(f"{value:.7g}" for value in pooled[:8]))
            print("sum:", f"{pooled.sum():.7g}")
            print("weighted by index:", f"{(pooled * np.arange(pooled.size)).sum():.7g}")
            return
        name = op["name"]
        y = convolve(inputs[0], tensors[name + ".weight"], tensors[name + ".bias"], op["stride"], op["groups"])
        outputs[name] = np.clip(y, 0, 6) if op["act"] == "relu6" else y


if __name__ == "__main__":
    main(*sys.argv[1:])
