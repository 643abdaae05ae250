#!/usr/bin/env python3
"""Muon's Newton-Schulz iteration in float32, for processors that have no instructions for bfloat16.

torch computes it in bfloat16 always, which takes three quarters of a step on those.
usage: orthogonal.py   compares it with torch's
"""
import torch
import torch.optim._muon

HALF = torch.cpu._is_avx512_bf16_supported()  # bfloat16 is fast here, and training uses it where it may.

theirs = torch.optim._muon._zeropower_via_newtonschulz


def orthogonal(matrix, coefficients, steps, eps):
    """The nearest matrix with singular values near one, as torch has it: steps of a x + b (x xT) x + c (x xT)^2 x."""
    a, b, c = coefficients
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


def install():
    """Makes torch's Muon use it where that is faster."""
    if not HALF:
        torch.optim._muon._zeropower_via_newtonschulz = orthogonal


def check():
    torch.manual_seed(0)
    for shape in ((192, 512), (256, 192), (64, 192)):
        matrix = torch.randn(shape)
        wanted = theirs(matrix, (3.4445, -4.775, 2.0315), 5, 1e-7).float()
        found = orthogonal(matrix, (3.4445, -4.775, 2.0315), 5, 1e-7)
        assert (found - wanted).norm() < 0.02 * wanted.norm()
    print("the iteration in float32 is that in bfloat16, but for roundings")


if __name__ == "__main__":
    check()
