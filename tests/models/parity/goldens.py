#!/usr/bin/env python3
"""The golden files of the parity tests, from the PyTorch transcription in this folder.

    python3 tests/models/parity/goldens.py write    makes them again
    python3 tests/models/parity/goldens.py check    computes all and compares with what is committed

Inputs are noise() of a name, so that only what the C++ cannot make itself is stored. All is
computed in float64. Exits with 77 where PyTorch is not installed.
"""
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
try:
    import numpy as np
    import torch

    import cape_reference as cape
    import golden_file
    import network_state
    import resnet_reference
except ModuleNotFoundError as error:
    print(f"skipped: {sys.executable} has no {error.name}; the C++ test reads the committed goldens")
    sys.exit(SKIPPED)

# name: (shape of M, its largest value, t1, t2, t3); "extreme" ones let the student's sum underflow
CASES = {
    "plain": ((3, 5, 2, 3), 4.0, 0.3, -0.2, 0.5),
    "untrained": ((2, 3, 3, 2), 2.0, 0.0, 0.0, 0.0),
    "many": ((1, 11, 5, 7), 20.0, -0.7, 0.9, -0.4),
    "one_position": ((2, 4, 1, 1), 3.0, 0.2, 0.4, -0.3),
    # Logits of standard deviation 150 (the uniform's reach is sqrt(3) of it): p_soft is 0 in the
    # float32 that networks train in.
    "extreme": ((2, 4, 3, 2), 260.0, 0.0, 0.0, 0.0),
    # And in float64: only the logarithm's own space can hold it.
    "extreme_double": ((2, 4, 3, 2), 2600.0, 0.0, 0.0, 0.0),
}
UNDERFLOWS = {"extreme": torch.float32, "extreme_double": torch.float64}
STEPS = 3
POST_FITTING_STEPS = 10
# Of sixty tried, the one that keeps every ReLU's input farthest from 0 (1e-5): float32's rounding
# then changes no input's side, and with it the gradient.
STEP_IMAGES = "step.images.9"


def tensor(array):
    return torch.from_numpy(np.ascontiguousarray(array))


def array(tensor_):
    """A copy: optimisers change parameters and gradients in place."""
    return np.array(tensor_.detach().to(torch.float64).numpy(), order="C")


def labels_of(name, count, classes):
    return tensor(np.floor(golden_file.noise(name, (count,), 0, classes)).astype(np.int64))


def student(maps, scales):
    """The literal logarithm, or its log-space form where the sum underflows to 0."""
    literal = cape.log_softened_prediction(maps, scales)
    exact = cape.log_softened_prediction_in_log_space(maps, scales)
    if torch.isinf(literal).any():
        return exact
    assert torch.allclose(literal, exact, rtol=1e-12, atol=1e-12)
    return literal


def assert_underflow(name, maps, scales):
    """A case that is there for its underflow has one in the number that it names, all others none."""
    narrow = UNDERFLOWS.get(name, torch.float32)
    literal = cape.log_softened_prediction(maps.to(narrow), [scale.to(narrow) for scale in scales])
    assert torch.isinf(literal).any().item() == (name in UNDERFLOWS), f"{name}: {literal}"


def map_case(name):
    """Everything that is defined on class maps; gradients with respect to maps and scales."""
    shape, largest, *values = CASES[name]
    numbers = {
        head: golden_file.noise32(f"maps.{name}.{head}", shape, -largest, largest)
        for head in ("orig", "cape")
    }
    labels = labels_of(f"maps.{name}.labels", *shape[:2])
    maps = {head: tensor(value).requires_grad_() for head, value in numbers.items()}
    scales = [torch.full((1,), value, dtype=torch.float64, requires_grad=True) for value in values]

    assert_underflow(name, maps["cape"], scales)
    p_map = cape.cape_map(maps["cape"], scales)
    product = torch.softmax(maps["cape"].flatten(2) / torch.exp(scales[0]), 1) * torch.softmax(
        maps["cape"].flatten(2).mean(1, keepdim=True) / torch.exp(scales[1]), 2
    )
    assert torch.allclose(p_map.flatten(2), product, rtol=0, atol=4e-15)
    result = {
        "map": p_map,
        "prediction": cape.cape_prediction(maps["cape"], scales),
        "log_softened": student(maps["cape"], scales),
        "mu_cape": cape.mu_cape_map(maps["cape"], scales),
        "cam": cape.cam_map(maps["orig"]),
    }
    for scheme, alpha in (("ts", 1), ("pf", 0)):
        loss = cape.distillation_loss(
            cape.ordinary_logits(maps["orig"]), student(maps["cape"], scales), labels, alpha, 1
        )
        wanted = [maps["orig"], maps["cape"], *scales]
        gradients = torch.autograd.grad(loss, wanted, allow_unused=True)
        gradients = [torch.zeros_like(w) if g is None else g for w, g in zip(wanted, gradients)]
        result[f"{scheme}.loss"] = loss
        result[f"{scheme}.grad.orig"], result[f"{scheme}.grad.cape"] = gradients[:2]
        result[f"{scheme}.grad.scales"] = torch.cat(gradients[2:])
    return {f"{name}.{key}": array(value) for key, value in result.items()} | {
        f"{name}.shape": np.array(shape, np.int64),
        f"{name}.largest": np.array(largest),
        f"{name}.scales": np.array(values),
    }


def maps():
    return {key: value for name in CASES for key, value in map_case(name).items()}


def heads_of(name, features, classes):
    heads = cape.Heads(features, classes).double()
    network_state.fill(heads, name)
    return heads


def optimisers(heads):
    """AdamW as this project trains (no decay of biases and scales), SGD as the authors' code."""
    matrices = [p for n, p in heads.named_parameters() if n.endswith("weight")]
    others = [p for n, p in heads.named_parameters() if not n.endswith("weight")]
    yield "adamw", lambda: torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}], lr=0.01
    )
    yield "sgd", lambda: torch.optim.SGD(
        heads.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4
    )


def steps():
    """TS on fixed features: the first gradients, and the parameters after one and three steps."""
    features = tensor(golden_file.noise("steps.features", (4, 6, 2, 3), -1, 2)).requires_grad_()
    labels = labels_of("steps.labels", 4, 5)
    heads = heads_of("steps", 6, 5)
    result = {}
    orig, cape_maps = heads.maps(features)
    result["orig"], result["cape"] = array(orig), array(cape_maps)
    loss = heads.loss(features, labels)
    loss.backward()
    result["loss"] = array(loss)
    result["grad.features"] = array(features.grad)
    for name, parameter in heads.named_parameters():
        result[f"grad.{name}"] = array(parameter.grad)
    for optimiser_name, make in optimisers(heads):
        network_state.fill(heads, "steps")
        optimiser = make()
        for step in range(1, STEPS + 1):
            optimiser.zero_grad()
            heads.loss(features, labels).backward()
            optimiser.step()
            if step not in (1, STEPS):
                continue
            for name, parameter in heads.named_parameters():
                result[f"{optimiser_name}.{step}.{name}"] = array(parameter)
    return result


def post_fitting():
    """PF on features that a frozen backbone gave, all in one batch, so that no shuffle matters."""
    features = tensor(golden_file.noise32("pf.features", (12, 512, 2, 3), 0, 0.5))
    heads = heads_of("pf", 512, 3)
    learned = cape.freeze_for_post_fitting(heads)
    optimiser = torch.optim.SGD(learned, lr=1e-3, momentum=0.9, weight_decay=1e-4)
    labels = torch.zeros(12, dtype=torch.int64)  # alpha is 0
    losses = []
    for _ in range(POST_FITTING_STEPS):
        optimiser.zero_grad()
        loss = heads.loss(features, labels, alpha=0, beta=1)
        losses.append(loss.detach())
        loss.backward()
        optimiser.step()
    losses.append(heads.loss(features, labels, alpha=0, beta=1))
    state = heads.state_dict()
    return {name: array(value) for name, value in state.items() if ".orig." not in name} | {
        "losses": array(torch.stack(losses))
    }


def network_of(backbone, classes):
    net = cape.Net(
        resnet_reference.resnet(backbone), resnet_reference.FEATURES[backbone], classes
    ).double()
    network_state.fill(net, backbone)
    return net


def networks():
    """Whole networks: maps in eval mode, and what one TS backward pass in train mode leaves."""
    result = {}
    for backbone in resnet_reference.BLOCKS:
        net = network_of(backbone, 4).eval()
        images = tensor(golden_file.noise32(f"{backbone}.images", (2, 3, 64, 96), -2, 2))
        with torch.no_grad():
            orig, cape_maps = net(images)
            result[f"{backbone}.orig"], result[f"{backbone}.cape"] = array(orig), array(cape_maps)
            result[f"{backbone}.map"] = array(cape.cape_map(cape_maps, net.scales()))
    net = network_of("resnet18", 4).train()
    margin = network_state.smallest_relu_input(net)
    images = tensor(golden_file.noise32(STEP_IMAGES, (2, 3, 64, 64), -2, 2))
    loss = net.loss(net.net(images), labels_of("step.labels", 2, 4))
    loss.backward()
    result["step.loss"] = array(loss)
    result["step.margin"] = np.array(margin())
    gradients = {name: parameter.grad for name, parameter in net.named_parameters()}
    result["step.gradients"] = network_state.summary(gradients)
    statistics = {name: value for name, value in net.state_dict().items() if ".running_" in name}
    result["step.statistics"] = network_state.summary(statistics)
    return result


FILES = {"maps": maps, "steps": steps, "post_fitting": post_fitting, "networks": networks}


def write():
    command = "python3 tests/models/parity/goldens.py write"
    for name, make in FILES.items():
        metadata = {"command": command, "torch": torch.__version__}
        golden_file.write(FOLDER / f"{name}.safetensors", make(), metadata)


def difference(found, wanted):
    """Largest difference as a share of the largest value."""
    return np.abs(found - wanted).max() / max(np.abs(wanted).max(), 1e-300)


def check():
    faults = []
    for name, make in FILES.items():
        committed, metadata = golden_file.read(FOLDER / f"{name}.safetensors")
        found = make()
        for key in sorted(set(found) ^ set(committed)):
            faults.append(f"{name}: {key} is in one only")
        shared = sorted(set(found) & set(committed))
        differences = {key: difference(found[key], committed[key]) for key in shared}
        # Sums in another order: a handful of roundings, more through the fifty layers.
        allowed = 1e-8 if name == "networks" else 1e-11
        faults += [f"{name}: {k} differs by {d:.1e}" for k, d in differences.items() if not d <= allowed]
        print(
            f"{name}: {len(shared)} tensors of torch {metadata['torch']}, here {torch.__version__}; "
            f"largest relative difference {max(differences.values()):.1e}, allowed {allowed:.0e}"
        )
    return faults


def main(arguments):
    if arguments == ["write"]:
        write()
    elif arguments == ["check"]:
        faults = check()
        if faults:
            sys.exit("\n".join(faults))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1:])
