#!/usr/bin/env python3
"""A checkpoint that PyTorch saved under the reference code's names, converted by
script/convert_reference_checkpoint.py and loaded by the program, gives PyTorch's CAPE maps to 1e-5.

    python3 tests/models/parity/checkpoint_test.py build/ci/tests/models/class_maps

Exits with 77 where PyTorch is not installed.
"""
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77
try:
    import torch

    import cape_reference as cape
    import golden_file
    import network_state
    import resnet_reference
except ModuleNotFoundError as error:
    print(f"skipped: {sys.executable} has no {error.name}, so there is no checkpoint to convert")
    sys.exit(SKIPPED)

CONVERTER = pathlib.Path(__file__).resolve().parents[3] / "script/convert_reference_checkpoint.py"
ALLOWED = 1e-5
INPUT_PX = 96
CLASSES = ("blast", "monocyte", "promonocyte", "other")
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def network(backbone):
    features = resnet_reference.FEATURES[backbone]
    net = cape.Net(resnet_reference.resnet(backbone), features, len(CLASSES))
    network_state.fill(net, f"checkpoint.{backbone}")
    return net.eval()


def save_as_the_reference_code(net, path):
    torch.save(net.state_dict(), path)


def save_as_a_wrapped_dictionary(net, path):
    """As training loops around the reference code save: of a DataParallel, beside an epoch."""
    state = {f"module.{name}": value for name, value in net.state_dict().items()}
    torch.save({"epoch": 3, "state_dict": state}, path)


def reference_maps(net, crops):
    """In float64, of the float32 weights in the checkpoint."""
    net = net.double()
    mean = torch.tensor(MEAN, dtype=torch.float64)[:, None, None]
    std = torch.tensor(STD, dtype=torch.float64)[:, None, None]
    images = (crops.permute(0, 3, 1, 2).double() / 255 - mean) / std
    with torch.no_grad():
        orig, maps = net(images)
        return {
            "map": cape.cape_map(maps, net.scales()),
            "prediction": cape.cape_prediction(maps, net.scales()),
            "ordinary": torch.softmax(cape.ordinary_logits(orig), 1),
        }


def convert(checkpoint, model, backbone, **options):
    command = [sys.executable, str(CONVERTER), str(checkpoint), str(model)]
    command += ["--backbone", backbone, "--classes", ",".join(CLASSES)]
    command += ["--input-px", str(INPUT_PX), "--mpp", "0.25", "--specimens", "pb"]
    return subprocess.run(command, **options)


def compare(program, backbone, save, folder):
    net = network(backbone)
    noise = golden_file.noise(f"checkpoint.{backbone}.crops", (2, INPUT_PX, INPUT_PX, 3), 0, 256)
    crops = torch.from_numpy(noise).to(torch.uint8)
    save(net, folder / "best.pth")
    convert(folder / "best.pth", folder / "model.safetensors", backbone, check=True)
    (folder / "crops.bin").write_bytes(crops.numpy().tobytes())
    subprocess.run(
        [program, folder / "model.safetensors", folder / "crops.bin", folder / "maps.safetensors"],
        check=True,
    )
    found, _ = golden_file.read(folder / "maps.safetensors")
    largest = 0.0
    for name, wanted in reference_maps(net, crops).items():
        assert found[name].shape == tuple(wanted.shape), f"{name}: {found[name].shape}"
        largest = max(largest, abs(found[name] - wanted.numpy()).max())
    print(f"{backbone}, {save.__name__}: largest difference {largest:.1e}, allowed {ALLOWED:.0e}")
    return largest <= ALLOWED


def refuses(backbone, state, reason, folder):
    """The converter says why it takes `state` for no `backbone`, and leaves nothing behind."""
    torch.save(state, folder / "best.pth")
    done = convert(
        folder / "best.pth", folder / "model.safetensors", backbone, capture_output=True, text=True
    )
    said = reason in done.stderr and "Traceback" not in done.stderr
    if not said:
        print(f"expected \"{reason}\", got: {done.stderr}")
    return said and done.returncode != 0 and list(folder.iterdir()) == [folder / "best.pth"]


def refusals(folder):
    state = network("resnet18").state_dict()
    without_scale = {name: value for name, value in state.items() if name != "t2.T"}
    damaged = state | {"t1.T": torch.tensor([float("nan")])}
    cases = (
        ("resnet50", state, "--backbone resnet50, but it is resnet18"),
        ("resnet18", without_scale, "missing t2.T"),
        ("resnet18", damaged, "t1.T holds a number that is not finite"),
        ("resnet18", [1, 2], "holds a list, not a state dict"),
        ("resnet18", {"model": torch.nn.Identity()}, "not a state dict of tensors alone"),
    )
    return [refuses(*case, folder) for case in cases]


def main(program):
    agree = []
    for backbone, save in (
        ("resnet18", save_as_the_reference_code),
        ("resnet50", save_as_a_wrapped_dictionary),
    ):
        with tempfile.TemporaryDirectory() as folder:
            agree.append(compare(program, backbone, save, pathlib.Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        refused = refusals(pathlib.Path(folder))
    if not all(agree):
        sys.exit("the converted checkpoint gives other maps")
    if not all(refused):
        sys.exit(f"the converter took what it should refuse: {refused}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    torch.set_num_threads(1)
    main(sys.argv[1])
