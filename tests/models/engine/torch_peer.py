#!/usr/bin/env python3
"""Images a second of the same network in plain PyTorch: the peer of cytocape_throughput_benchmark.

    torch_peer.py train THREADS
    torch_peer.py classify THREADS INPUT_PX

MobileNetV2 at output stride 16 with two heads on its feature map, as a PyTorch user would write it:
float32, channels_last, torch.optim.AdamW. 2 calls to warm up, then 6 seconds.
"""
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

BATCH = 32
CLASSES = 11
# expansion, channels, blocks, stride (Sandler et al., CVPR 2018, table 2)
RUNS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]


class Unit(nn.Module):
    def __init__(self, inputs, outputs, kernel, stride, dilation, groups, active):
        super().__init__()
        padding = dilation * (kernel // 2) if stride == 1 else 0
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups)
        self.stride = stride
        self.active = active

    def forward(self, x):
        if self.stride == 2:  # TensorFlow's padding: one row and column more behind the image
            x = F.pad(x, (0, 1, 0, 1))
        x = self.convolution(x)
        return F.relu6(x, inplace=True) if self.active else x


class Block(nn.Module):
    def __init__(self, inputs, expansion, outputs, stride, dilation):
        super().__init__()
        wide = inputs * expansion
        units = [] if expansion == 1 else [Unit(inputs, wide, 1, 1, 1, 1, True)]
        units.append(Unit(wide, wide, 3, stride, dilation, wide, True))
        units.append(Unit(wide, outputs, 1, 1, 1, 1, False))
        self.units = nn.Sequential(*units)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.units(x) if self.residual else self.units(x)


class CapeNet(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [Unit(3, 32, 3, 2, 1, 1, True)]
        channels, reached, dilation = 32, 2, 1
        for expansion, outputs, blocks, stride in RUNS:
            for index in range(blocks):
                step, spread = stride if index == 0 else 1, dilation
                if step == 2 and reached == 16:
                    step, dilation = 1, 2 * dilation
                elif step == 2:
                    reached *= 2
                layers.append(Block(channels, expansion, outputs, step, spread))
                channels = outputs
        layers.append(Unit(320, 1280, 1, 1, 1, 1, True))
        self.backbone = nn.Sequential(*layers)
        self.ordinary = nn.Conv2d(1280, CLASSES, 1)
        self.cape = nn.Conv2d(1280, CLASSES, 1)
        self.t1, self.t2, self.t3 = (nn.Parameter(torch.zeros(1)) for _ in range(3))

    def forward(self, x):
        features = self.backbone(x)
        return self.ordinary(features).mean((2, 3)), self.cape(features.detach()).flatten(2)


def rate(work):
    for _ in range(2):
        work()
    begin = time.monotonic()
    calls = 0
    while time.monotonic() - begin < 6:
        work()
        calls += 1
    return calls * BATCH / (time.monotonic() - begin)


def training_rate():
    network = CapeNet().to(memory_format=torch.channels_last)
    convolutions = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    for module in convolutions[:11]:  # the first 12 operations: 11 convolutions and an addition
        module.requires_grad_(False)
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=1e-4, weight_decay=0.05)
    x = torch.randn(BATCH, 3, 128, 128).contiguous(memory_format=torch.channels_last)
    labels = torch.randint(CLASSES, (BATCH,))

    def step():
        optimiser.zero_grad(set_to_none=True)
        logits, maps = network(x)
        a = F.log_softmax(maps / torch.exp(network.t1 + network.t3), 1)
        w = F.log_softmax(maps.mean(1, keepdim=True) / torch.exp(network.t2 + network.t3), 2)
        student = torch.logsumexp(a + w, 2)
        teacher = F.log_softmax(logits.detach() / 2, 1)
        loss = F.cross_entropy(logits, labels)
        loss = loss + 4 * (teacher.exp() * (teacher - student)).sum(1).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        optimiser.step()

    return rate(step)


def classification_rate(px):
    network = CapeNet().to(memory_format=torch.channels_last).eval()
    crops = torch.full((BATCH, px, px, 3), 150, dtype=torch.uint8)

    @torch.no_grad()
    def classify():
        x = (crops.float() / 255 - 0.5) / 0.5
        _, maps = network(x.permute(0, 3, 1, 2))
        cape = F.softmax(maps, 1) * F.softmax(maps.mean(1, keepdim=True), 2)
        return cape.sum(2)

    return rate(classify)


def main():
    torch.set_num_threads(int(sys.argv[2]))
    print(f"{training_rate() if sys.argv[1] == 'train' else classification_rate(int(sys.argv[3])):.1f}")


if __name__ == "__main__":
    main()
