#!/usr/bin/env python3
"""Turns a checkpoint of the CAPE reference code (PyTorch) into a cytocape model file.

The checkpoint is what torch.save made of a state dict, or of a dict that holds one under
"state_dict", "model" or "net": names net.*, classifiers.orig.2.*, classifiers.cape.2.*, t1.T, t2.T,
t3.T, with or without a leading "module.". Needs PyTorch; it is read with weights_only, so that a
checkpoint cannot run code.

    convert_reference_checkpoint.py best.pth model.safetensors --backbone resnet50 \\
        --classes blast,monocyte,lymphocyte --input-px 448 --mpp 0.12 --specimens pb \\
        --name "my network" --limits "trained on ..."
"""
import argparse
import json
import re
import struct
import sys

BACKBONES = ("resnet18", "resnet34", "resnet50", "mobilenet_v2", "efficientnet_lite0")
FORMAT_DTYPES = {"float32": "F32", "float16": "F16", "bfloat16": "BF16"}
IMAGENET_MEAN = "0.485,0.456,0.406"
IMAGENET_STD = "0.229,0.224,0.225"


def numbers(text):
    values = [float(value) for value in text.split(",")]
    if len(values) != 3:
        raise argparse.ArgumentTypeError(f"{text}: give three numbers, R,G,B")
    return values


def names(text):
    return [value.strip() for value in text.split(",") if value.strip()]


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("checkpoint")
    parser.add_argument("output")
    parser.add_argument("--backbone", required=True, choices=BACKBONES)
    parser.add_argument("--output-stride", type=int, default=32, choices=(32, 16))
    parser.add_argument("--classes", required=True, type=names, help="in logit order, comma-separated")
    parser.add_argument("--input-px", required=True, type=int, help="edge of a crop")
    parser.add_argument("--mpp", required=True, type=float, help="um that a crop pixel spans")
    parser.add_argument("--mean", type=numbers, default=IMAGENET_MEAN, help="of RGB in 0..1")
    parser.add_argument("--std", type=numbers, default=IMAGENET_STD)
    parser.add_argument("--specimens", type=names, default=[], help="pb, bm")
    parser.add_argument("--stain", default="")
    parser.add_argument("--name", default="converted")
    parser.add_argument("--limits", default="")
    parser.add_argument("--dtype", default="float32", choices=sorted(FORMAT_DTYPES))
    return parser.parse_args(arguments)


def load_state(path):
    import torch

    state = torch.load(path, map_location="cpu", weights_only=True)
    for key in ("state_dict", "model", "net"):
        if isinstance(state.get(key), dict):
            state = state[key]
    return {
        re.sub(r"^module\.", "", name): tensor
        for name, tensor in state.items()
        if torch.is_tensor(tensor) and not name.endswith("num_batches_tracked")
    }


def check(state, classes):
    required = ["t1.T", "t2.T", "t3.T"]
    for head in ("orig", "cape"):
        required += [f"classifiers.{head}.2.weight", f"classifiers.{head}.2.bias"]
    missing = [name for name in required if name not in state]
    if missing or not any(name.startswith("net.") for name in state):
        found = ", ".join(sorted(state)[:5])
        sys.exit(f"no CAPE state dict: missing {', '.join(missing) or 'net.*'}; it has {found}, ..")
    outputs = state["classifiers.cape.2.weight"].shape[0]
    if outputs != len(classes):
        sys.exit(f"--classes names {len(classes)} classes, the checkpoint has {outputs}")


def card_of(options):
    return {
        "schema": 1,
        "name": options.name,
        "backbone": options.backbone,
        "output_stride": options.output_stride,
        "classes": [{"name": name} for name in options.classes],
        "specimens": options.specimens,
        "stain": options.stain,
        "input_px": options.input_px,
        "mpp": options.mpp,
        "mean": options.mean,
        "std": options.std,
        "limits": options.limits,
        "tool_version": "convert_reference_checkpoint.py",
    }


def bytes_of(tensor, dtype):
    import torch

    tensor = tensor.detach().to(getattr(torch, dtype)).contiguous()
    # A view as bytes, because numpy knows no bfloat16.
    return tensor.reshape(-1).view(torch.uint8).numpy().tobytes()


def write_safetensors(path, state, card, dtype):
    header = {"__metadata__": {"cytocape.card": json.dumps(card, indent=2)}}
    chunks = []
    offset = 0
    for name in sorted(state):
        # The scales act through their exponential: rounding them would move every map.
        stored = "float32" if name.endswith(".T") else dtype
        chunk = bytes_of(state[name], stored)
        header[name] = {
            "dtype": FORMAT_DTYPES[stored],
            "shape": list(state[name].shape),
            "data_offsets": [offset, offset + len(chunk)],
        }
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        stream.writelines(chunks)


def main(arguments):
    options = parse_arguments(arguments)
    state = load_state(options.checkpoint)
    check(state, options.classes)
    write_safetensors(options.output, state, card_of(options), options.dtype)


if __name__ == "__main__":
    main(sys.argv[1:])
