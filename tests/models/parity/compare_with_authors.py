#!/usr/bin/env python3
"""CAPE's authors' own program beside this one: see script/compare-with-authors, which runs it.

    compare_with_authors.py REPOSITORY TOOLS

TOOLS is the folder of class_maps and training_steps. Their modules are imported from REPOSITORY and run as they are; where
their training loop asks for programs that only draw or log, stand-ins that do nothing serve.
"""
import pathlib
import subprocess
import sys
import tempfile
import types

import numpy as np

import golden_file

CONVERTER = pathlib.Path(__file__).resolve().parents[3] / "script/convert_reference_checkpoint.py"
BACKBONES = ("resnet18", "resnet34", "resnet50")
CLASSES = ("blast", "monocyte", "promonocyte", "other")
INPUT_PX = 96
IMAGES = 6
POST_FITTING_STEPS = 10
MEAN = np.array((0.485, 0.456, 0.406), np.float32)
STD = np.array((0.229, 0.224, 0.225), np.float32)
# Both in float32, in another order of sums. Backwards through fifty norms over a few dozen positions roundings grow.
# Logits are kept small: at a deviation of 150 the authors' divergence is infinite in float32.
ALLOWED = {"forward": 3e-4, "TS loss": 1e-5, "TS gradients": 1e-3, "TS heads": 1e-3, "PF losses": 1e-4, "PF heads": 1e-3}
LOGIT_DEVIATION = 3.0


class Nothing:
    """Takes any call and answers with itself."""

    def __init__(self, *_, **__):
        pass

    def __getattr__(self, _):
        return self

    def __call__(self, *_, **__):
        return self


def stand_in(name, **members):
    """A module that does nothing where the real one is absent."""
    try:
        __import__(name)
    except ModuleNotFoundError:
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            path = ".".join(parts[:end])
            if path not in sys.modules:
                sys.modules[path] = types.ModuleType(path)
            if end > 1:
                setattr(sys.modules[".".join(parts[: end - 1])], parts[end - 1], sys.modules[path])
        for member, value in members.items():
            setattr(sys.modules[name], member, value)


class Counter:
    """tqdm's shape without its output."""

    def __init__(self, items, **_):
        self.items = items

    def __iter__(self):
        return iter(self.items)

    def set_postfix_str(self, _):
        pass


def import_authors(repository):
    sys.path.insert(0, repository)
    stand_in("torch.utils.tensorboard", SummaryWriter=Nothing)
    stand_in("matplotlib.pyplot")
    stand_in("path", Path=pathlib.Path)
    stand_in("tqdm", tqdm=Counter)
    import models.model
    import trainer

    return models.model.Net, trainer.Trainer


def options(backbone, settings):
    return {
        "network": backbone,
        "pretrained": False,
        "cls_cols_dict": {"orig": len(CLASSES), "cape": len(CLASSES)},
        "settings": settings,
        "loss_alpha": 1 if settings == "TS" else 0,
        "loss_beta": 1,
        "T_kld": 2,
        "eval": False,
        "experiment_dir": tempfile.gettempdir(),
        "device": "cpu",
        "num_epochs": POST_FITTING_STEPS,
    }


def checkpoint(net, images):
    """As a trained network is: running statistics those of its images, scales away from 0, logits small."""
    import torch

    norms = [part for part in net.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    with torch.no_grad():
        for norm in norms:
            norm.momentum = 1
        net.train()(images)
        for norm in norms:
            norm.momentum = 0.1
        net.t1.T.fill_(0.4)
        net.t2.T.fill_(-0.3)
        net.t3.T.fill_(0.2)
        out = net.eval()(images)
        for head in ("orig", "cape"):
            net.classifiers[head][2].weight.mul_(LOGIT_DEVIATION / out[head]["cls_map"].std())
    return {name: value.clone() for name, value in net.state_dict().items()}


def their_forward(net, images):
    import torch

    with torch.no_grad():
        out = net.eval()(images)
    return {
        "orig": out["orig"]["cls_map"],
        "cape": out["cape"]["cls_map"],
        "map": out["cape"]["weighted_contribution"],
        "prediction": out["cape"]["outcome"],
        "mu_cape": out["cape"]["logcampe_clip0"],
    }


def their_steps(classes, state, backbone, settings, batch, steps):
    """Their training loop, an epoch of one batch at a time."""
    import torch

    net_class, trainer_class = classes
    opts = options(backbone, settings)
    net = net_class(opts)
    net.load_state_dict(state)
    if settings == "PF":  # as their main() prepares it
        net.classifiers["cape"].load_state_dict(net.classifiers["orig"].state_dict())
        for part in (net.net, net.classifiers["orig"]):
            part.requires_grad_(False)
    learned = [parameter for parameter in net.parameters() if parameter.requires_grad]
    optimiser = torch.optim.SGD(learned, lr=1e-3, weight_decay=1e-4, momentum=0.9)
    loop = trainer_class(opts, net, optimiser, None, [batch], [])
    for epoch in range(steps):
        loop.train(epoch)
    momentum = {
        name: optimiser.state[parameter]["momentum_buffer"]
        for name, parameter in net.named_parameters()
        if parameter in optimiser.state
    }
    return loop.train_losses, net.state_dict(), momentum


def ours(tools, folder, backbone, state, crops, images, labels):
    import torch

    torch.save(state, folder / "best.pth")
    command = [sys.executable, str(CONVERTER), folder / "best.pth", folder / "model.safetensors"]
    command += ["--backbone", backbone, "--classes", ",".join(CLASSES), "--input-px", str(INPUT_PX)]
    subprocess.run(command + ["--mpp", "0.25", "--specimens", "pb"], check=True, stdout=subprocess.DEVNULL)
    (folder / "crops.bin").write_bytes(crops.tobytes())
    golden_file.write(folder / "batch.safetensors", {"images": images, "labels": labels}, {})
    subprocess.run([tools / "class_maps", folder / "model.safetensors", folder / "crops.bin", folder / "maps.safetensors"], check=True)
    subprocess.run([tools / "training_steps", folder / "model.safetensors", folder / "batch.safetensors", folder / "steps.safetensors"], check=True)
    found = {}
    for name in ("maps", "steps"):
        found |= golden_file.read(folder / f"{name}.safetensors")[0]
    return found


def difference(found, wanted):
    """Of two arrays, by the norm of what is wanted."""
    wanted = np.asarray(wanted, np.float64)
    return np.linalg.norm(np.asarray(found).reshape(wanted.shape) - wanted) / max(np.linalg.norm(wanted), 1e-300)


def moved(found, wanted, before):
    """Of how far steps have moved a tensor."""
    return difference(found.reshape(wanted.shape) - before, wanted - before)


def compare(classes, backbone, tools, folder):
    import torch

    crops = golden_file.noise(f"{backbone}.crops", (IMAGES, INPUT_PX, INPUT_PX, 3), 0, 256).astype(np.uint8)
    images = ((crops.astype(np.float32) / 255 - MEAN) / STD).transpose(0, 3, 1, 2)
    images = np.ascontiguousarray(images, np.float32)
    labels = np.arange(IMAGES, dtype=np.int64) % len(CLASSES)
    torch.manual_seed(1)
    net = classes[0](options(backbone, "TS"))
    state = checkpoint(net, torch.from_numpy(images))
    found = ours(tools, folder, backbone, state, crops, images, labels)

    batch = torch.from_numpy(images), torch.from_numpy(labels)
    rows = {}
    wanted = {name: value.numpy() for name, value in their_forward(net, batch[0]).items()}
    found["mu_cape"] = np.maximum(
        0, found["cape"] / np.exp(0.4) + found["cape"].mean(axis=1, keepdims=True) / np.exp(-0.3)
    )
    rows["forward"] = max(difference(found[name], value) for name, value in wanted.items())

    array = {name: value.double().numpy() for name, value in state.items()}
    losses, after, momentum = their_steps(classes, state, backbone, "TS", batch, 1)
    rows["TS loss"] = difference(found["ts.loss"], losses)
    gradients = {name: value.double().numpy() for name, value in momentum.items()}
    rows["TS gradients"] = max(difference(found[f"ts.momentum.{name}"], value) for name, value in gradients.items())
    heads = [name for name in after if name.startswith(("classifiers.", "t"))]
    rows["TS heads"] = max(moved(found[f"ts.{n}"], after[n].double().numpy(), array[n]) for n in heads)

    losses, after, _ = their_steps(classes, state, backbone, "PF", batch, POST_FITTING_STEPS)
    rows["PF losses"] = difference(found["pf.losses"], losses)
    start = {name: array[name.replace("cape", "orig")] for name in heads if ".orig." not in name}
    rows["PF heads"] = max(moved(found[f"pf.{n}"], after[n].double().numpy(), b) for n, b in start.items())
    rest = [name for name in after if name not in start and "num_batches" not in name]
    rows["PF rest"] = max(difference(found[f"pf.{n}"], after[n].double().numpy()) for n in rest)
    return rows


def main(repository, tools):
    try:
        classes = import_authors(repository)
    except ModuleNotFoundError as error:
        sys.exit(f"{sys.executable} has no {error.name}: apt install python3-torch python3-torchvision python3-opencv")
    too_far = []
    for backbone in BACKBONES:
        with tempfile.TemporaryDirectory() as folder:
            rows = compare(classes, backbone, pathlib.Path(tools), pathlib.Path(folder))
        for name, value in rows.items():
            allowed = ALLOWED.get(name, 1e-6)
            print(f"{backbone:<10}{name:<14}{value:10.1e}   allowed {allowed:.0e}")
            if not value <= allowed:
                too_far.append(f"{backbone}: {name}")
    if too_far:
        sys.exit("farther apart than float32 explains: " + ", ".join(too_far))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
