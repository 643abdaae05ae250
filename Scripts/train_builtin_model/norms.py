"""RMSNorm for training: transformers' numbers but for the last digits, in a third of the passes over memory.

Norms of short rows are a fifth of a step's time. usage: norms.py   compares gradients with those in float64
"""
import torch
from transformers.models.gemma4.modeling_gemma4 import Gemma4RMSNorm


class RMSNorm(torch.autograd.Function):
    """x / rms(x) * weight over the last dimension, computed in float32, given in x's type."""

    @staticmethod
    def forward(ctx, x, weight, eps):
        wide = x.float()
        size = torch.linalg.vector_norm(wide, dim=-1, keepdim=True)
        factor = size.square_().div_(x.shape[-1]).add_(eps).rsqrt_()
        normed = wide * factor
        ctx.save_for_backward(normed, factor, weight)
        ctx.kind = x.dtype
        return (normed if weight is None else normed * weight).to(x.dtype)

    @staticmethod
    def backward(ctx, gradient):
        normed, factor, weight = ctx.saved_tensors
        gradient = gradient.float()
        along = gradient * normed
        of_weight = None
        if weight is None:
            dot = along.sum(-1, keepdim=True)
        else:
            of_weight = along.reshape(-1, along.shape[-1]).sum(0)
            gradient = gradient * weight
            dot = (along @ weight).unsqueeze(-1)
        of_x = torch.addcmul(gradient, normed, dot.div_(-along.shape[-1])).mul_(factor)
        return of_x.to(ctx.kind), of_weight, None


def install():
    """Makes every norm of transformers' Gemma 4 this one."""

    def forward(self, x):
        return RMSNorm.apply(x, self.weight.float() if self.with_scale else None, self.eps)

    Gemma4RMSNorm.forward = forward


def check():
    torch.manual_seed(0)
    x, weight, gradient = torch.randn(3, 5, 192), torch.randn(192), torch.randn(3, 5, 192)
    for scale in (weight, None):
        found = []
        for kind in (torch.float64, torch.float32):
            inputs = [t.to(kind).requires_grad_() for t in (x, scale) if t is not None]
            if kind is torch.float64:
                y = inputs[0] * torch.rsqrt(inputs[0].square().mean(-1, keepdim=True) + 1e-6)
                y = y if scale is None else y * inputs[1]
            else:
                y = RMSNorm.apply(inputs[0], inputs[1] if len(inputs) > 1 else None, 1e-6)
            found.append([y, *torch.autograd.grad((y * gradient.to(kind)).sum(), inputs)])
        for exact, mine in zip(*found):
            assert (exact - mine).norm() < 1e-6 * exact.norm()
    print("norms and their gradients are those in float64")


if __name__ == "__main__":
    check()
