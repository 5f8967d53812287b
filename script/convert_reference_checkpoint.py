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
import os
import pickle
import re
import struct
import sys

BACKBONES = ("resnet18", "resnet34", "resnet50", "mobilenet_v2", "efficientnet_lite0")
# Blocks in each stage, and whether they are bottlenecks.
RESNETS = {
    "resnet18": ((2, 2, 2, 2), False),
    "resnet34": ((3, 4, 6, 3), False),
    "resnet50": ((3, 4, 6, 3), True),
}
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
    try:
        import torch
    except ModuleNotFoundError:
        sys.exit("PyTorch is needed to read a checkpoint: pip install torch, or apt install python3-torch")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        sys.exit(f"{path}: {error.strerror}")
    except (pickle.UnpicklingError, RuntimeError, EOFError):
        # PyTorch's own message advises to let the file run code.
        sys.exit(
            f"{path}: not a state dict of tensors alone; save one in the program that made it, by "
            "torch.save(model.state_dict(), path)"
        )
    for key in ("state_dict", "model", "net"):
        if isinstance(state, dict) and isinstance(state.get(key), dict):
            state = state[key]
    if not isinstance(state, dict):
        sys.exit(f"{path}: holds a {type(state).__name__}, not a state dict")
    return {
        re.sub(r"^module\.", "", name): tensor
        for name, tensor in state.items()
        if torch.is_tensor(tensor) and not name.endswith("num_batches_tracked")
    }


def resnet_of(state):
    """(blocks in each stage, bottlenecks) as the names tell."""
    blocks = [
        len({name.split(".")[2] for name in state if name.startswith(f"net.{stage}.")})
        for stage in range(4, 8)
    ]
    return tuple(blocks), "net.4.0.conv3.weight" in state


def option_faults(options):
    """What the program would refuse of the card, said before anything is written."""
    faults = []
    twice = sorted({name for name in options.classes if options.classes.count(name) > 1})
    if twice:
        faults.append(f"--classes names {', '.join(twice)} twice")
    if len(options.classes) < 2:
        faults.append(f"--classes names {len(options.classes)} class: a model needs at least 2")
    if not 32 <= options.input_px <= 4096:
        faults.append(f"--input-px {options.input_px}: give 32 to 4096")
    if not 0 < options.mpp <= 20:
        faults.append(f"--mpp {options.mpp}: give um a pixel, above 0 and at most 20")
    unknown = [name for name in options.specimens if name not in ("pb", "bm")]
    if unknown:
        faults.append(f"--specimens {', '.join(unknown)}: give pb, bm or both")
    if not all(value > 0 for value in options.std):
        faults.append(f"--std {options.std}: give three numbers above 0")
    return faults


def faults_of(state, options):
    required = ["t1.T", "t2.T", "t3.T"]
    for head in ("orig", "cape"):
        required += [f"classifiers.{head}.2.weight", f"classifiers.{head}.2.bias"]
    missing = [name for name in required if name not in state]
    if missing or not any(name.startswith("net.") for name in state):
        found = ", ".join(sorted(state)[:5]) + ", .." if state else "no tensor at its top level"
        return [f"no CAPE state dict: missing {', '.join(missing) or 'net.*'}; it has {found}"]
    faults = []
    for head in ("orig", "cape"):
        outputs = state[f"classifiers.{head}.2.weight"].shape[0]
        if outputs != len(options.classes):
            faults.append(
                f"--classes names {len(options.classes)} classes, classifiers.{head} has {outputs}"
            )
    resnet = resnet_of(state)
    if options.backbone in RESNETS and resnet != RESNETS[options.backbone]:
        other = [name for name, shape in RESNETS.items() if shape == resnet]
        faults.append(f"--backbone {options.backbone}, but it is {other[0] if other else 'another'}")
    faults += [
        f"{name} holds a number that is not finite"
        for name, tensor in state.items()
        if tensor.is_floating_point() and not tensor.isfinite().all()
    ]
    return faults


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
    # Under another name until it is whole: nobody must load half a model.
    partial = f"{path}.partial"
    with open(partial, "wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text)
        stream.writelines(chunks)
    os.replace(partial, path)


def main(arguments):
    options = parse_arguments(arguments)
    if not options.output.endswith(".safetensors"):
        sys.exit(f"{options.output}: a model file's name ends in .safetensors")
    faults = option_faults(options)
    if faults:
        sys.exit("\n".join(faults))
    state = load_state(options.checkpoint)
    faults = faults_of(state, options)
    if faults:
        sys.exit("\n".join(f"{options.checkpoint}: {fault}" for fault in faults))
    write_safetensors(options.output, state, card_of(options), options.dtype)
    print(
        f"{options.output}: {options.backbone}, {len(options.classes)} classes, {len(state)} tensors "
        f"in {options.dtype}{', in which it runs unless asked otherwise' if options.dtype == 'float32' else ''}. "
        "For Research Use Only. Not for use in diagnostic procedures."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
