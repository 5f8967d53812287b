"""States of networks that need no file: every number follows from its tensor's name."""
import math

import numpy as np
import torch
from torch import nn

from golden_file import noise, noise32

HEAD_REACH = 3.0


def bounds(name, shape, features):
    """Away from every start value, and such that neither features nor logits grow or die."""
    if name.endswith("running_var"):
        return 0.5, 2.0
    if name.endswith("running_mean"):
        return -0.2, 0.2
    if name.endswith(".T"):
        return -0.5, 0.5
    if name.endswith("bias"):
        return -0.2, 0.2
    if name.startswith("classifiers."):
        return -HEAD_REACH / math.sqrt(features), HEAD_REACH / math.sqrt(features)
    if len(shape) == 4:
        reach = math.sqrt(6 / (shape[1] * shape[2] * shape[3]))
        return -reach, reach
    return 0.3, 0.9  # a norm's gain


def fill(module, prefix):
    """Fills parameters and running statistics, rounded to float32."""
    state = module.state_dict()
    features = state["classifiers.cape.2.weight"].shape[1]
    with torch.no_grad():
        for name, value in state.items():
            if name.endswith("num_batches_tracked"):
                continue
            low, high = bounds(name, value.shape, features)
            numbers = noise32(f"{prefix}.{name}", tuple(value.shape), low, high)
            value.copy_(torch.from_numpy(numbers))


def summary(tensors):
    """For each in order of names: its norm, and its product with fixed noise of its shape, which
    any change of a single number, or of their order, moves."""
    rows = []
    for name in sorted(tensors):
        value = tensors[name].detach().double().numpy()
        direction = noise(f"direction.{name}", value.shape, -1, 1)
        rows.append([np.linalg.norm(value), float((value * direction).sum())])
    return np.array(rows)


def smallest_relu_input(module):
    """A function that says how close to 0 any ReLU's input came in the forward passes since: what
    lies nearer than float32's rounding errors may change sides there, and its gradient with it."""
    smallest = [math.inf]

    def look(_, inputs):
        smallest[0] = min(smallest[0], inputs[0].detach().abs().min().item())

    for part in module.modules():
        if isinstance(part, nn.ReLU):
            part.register_forward_pre_hook(look)
    return lambda: smallest[0]
