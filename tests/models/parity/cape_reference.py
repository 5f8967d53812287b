"""CAPE, its loss and its network in PyTorch, transcribed from the definitions: an oracle that is
read, not a fast program. It shares no code with the C++ and takes none of its short cuts.

    A = M / exp(t1)        W[i] = mean_c(M[c,i]) / exp(t2)
    P[c,i] = exp(A[c,i] + W[i]) / sum_{d,j} exp(A[d,i] + W[j])        p[c] = sum_i P[c,i]

M is [B, C, h, w], N = h * w. The denominators are made of all C x N x N sums, as the authors'
code makes them; softmax_c(A) * softmax_i(W) is the same function, and `goldens.py` asserts it.

(Chowdhury et al., "CAPE: CAM as a Probabilistic Ensemble for Enhanced DNN Interpretation", CVPR
2024, arXiv 2404.02388.) Names of the state are those of the authors' code, so that a state dict of
`Net` is a checkpoint as that code saves it.
"""
import torch
from torch import nn
from torch.nn import functional as F

TEMPERATURE = 2


def class_map(features, weight, bias):
    """M: a 1x1 convolution of the features with the classifier's weight and bias."""
    return F.conv2d(features, weight[:, :, None, None], bias)


def exponents(maps, scales, softened=False):
    """A[c,i] + W[j], [B, C, N, N]; softened: A and W both divided by exp(t3)."""
    t1, t2, t3 = (scale.reshape(()) for scale in scales)
    a = maps.flatten(2) / torch.exp(t1)
    w = maps.flatten(2).mean(dim=1, keepdim=True) / torch.exp(t2)
    if softened:
        a = a / torch.exp(t3)
        w = w / torch.exp(t3)
    return a.unsqueeze(3) + w.unsqueeze(2)


def cape_map(maps, scales, softened=False):
    """P, in the shape of M. The largest exponent at i cancels and keeps exp() finite."""
    exponent = exponents(maps, scales, softened)
    largest = exponent.amax(dim=(1, 3), keepdim=True)
    shares = torch.exp(exponent - largest)
    denominator = shares.sum(dim=(1, 3))[:, None, :]
    numerator = torch.diagonal(shares, dim1=2, dim2=3)
    return (numerator / denominator).reshape(maps.shape)


def cape_prediction(maps, scales):
    return cape_map(maps, scales).sum(dim=(2, 3))


def log_softened_prediction(maps, scales):
    """The student: the logarithm of the sum, as the authors' code takes it."""
    return torch.log(cape_map(maps, scales, softened=True).sum(dim=(2, 3)))


def log_softened_prediction_in_log_space(maps, scales):
    """The same, from the same C x N x N terms, where that sum underflows."""
    exponent = exponents(maps, scales, softened=True)
    denominator = torch.logsumexp(exponent, dim=(1, 3))[:, None, :]
    numerator = torch.diagonal(exponent, dim1=2, dim2=3)
    return torch.logsumexp(numerator - denominator, dim=2)


def mu_cape_map(maps, scales):
    """max(0, A[c,i] + W[i])"""
    exponent = exponents(maps, scales)
    return torch.diagonal(exponent, dim1=2, dim2=3).reshape(maps.shape).clamp(min=0)


def cam_map(maps):
    return maps.clamp(min=0)


def ordinary_logits(maps):
    """The spatial mean of M is the logit of the global-average-pooling classifier."""
    return maps.mean(dim=(2, 3))


def distillation_loss(logits, log_student, labels, alpha, beta):
    """alpha * CE + beta * T^2 * KL(softmax(logits / T) || student); the teacher is detached."""
    teacher = F.log_softmax(logits.detach() / TEMPERATURE, dim=1)
    divergence = F.kl_div(log_student, teacher, reduction="none", log_target=True).sum(dim=1)
    cross_entropy = F.cross_entropy(logits, labels)
    return alpha * cross_entropy + beta * TEMPERATURE**2 * divergence.mean()


class Scale(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.T = nn.Parameter(torch.zeros(*shape))


class Heads(nn.Module):
    """Both classifiers and the three scales."""

    def __init__(self, features, classes):
        super().__init__()
        self.classifiers = nn.ModuleDict(
            {
                name: nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, classes))
                for name in ("orig", "cape")
            }
        )
        self.t1 = Scale(1)
        self.t2 = Scale(1)
        self.t3 = Scale(1, 1, 1, 1)

    def scales(self):
        return self.t1.T, self.t2.T, self.t3.T

    def maps(self, features):
        """M of the ordinary head and of the CAPE head, which sees detached features."""
        orig = self.classifiers["orig"][2]
        cape = self.classifiers["cape"][2]
        return (
            class_map(features, orig.weight, orig.bias),
            class_map(features.detach(), cape.weight, cape.bias),
        )

    def loss(self, features, labels, alpha=1, beta=1):
        orig, cape = self.maps(features)
        student = log_softened_prediction(cape, self.scales())
        return distillation_loss(ordinary_logits(orig), student, labels, alpha, beta)


class Net(Heads):
    """Heads on a backbone, `net`: what the authors' code trains and saves."""

    def __init__(self, backbone, features, classes):
        super().__init__(features, classes)
        self.net = backbone

    def forward(self, images):
        return self.maps(self.net(images))


def freeze_for_post_fitting(heads):
    """PF: the CAPE head starts from the ordinary one's weights and learns alone with the scales."""
    heads.classifiers["cape"].load_state_dict(heads.classifiers["orig"].state_dict())
    heads.classifiers["orig"].requires_grad_(False)
    return [parameter for parameter in heads.parameters() if parameter.requires_grad]
