"""Drivetrain's encoder, built from PyTorch's own layers, as a reference for weights and logits."""

import math

import torch
from torch import nn


class Encoder(nn.Module):
    """A pre-norm encoder, built from torch.nn layers; `named` and `load` use Drivetrain's weight names."""

    def __init__(self, vocab, d, heads, layers, ff, classes, activation, cls):
        super().__init__()
        self.d = d
        self.tokens = nn.Embedding(vocab, d)
        nn.init.normal_(self.tokens.weight, std=d**-0.5)
        self.cls = nn.Parameter(torch.randn(d) * d**-0.5) if cls else None
        layer = nn.TransformerEncoderLayer(d, heads, ff, 0.0, activation, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(d), enable_nested_tensor=False)
        self.head = nn.Linear(d, classes)
        for name, p in self.named_parameters():  # replaces initial zeros and ones, which would hide errors
            if p.dim() == 1:
                nn.init.normal_(p, mean=1.0 if "norm" in name and "weight" in name else 0.0, std=0.2)
        with torch.no_grad():  # TransformerEncoder copies one layer: make the copies differ
            for p in self.layers.parameters():
                p.add_(torch.randn_like(p) * 0.05)

    def forward(self, ids, mask):
        x = self.tokens(ids) * math.sqrt(self.d)
        if self.cls is not None:
            x = torch.cat([self.cls.expand(len(ids), 1, -1), x], 1)
            mask = torch.cat([torch.ones(len(ids), 1, dtype=torch.bool), mask], 1)
        t = torch.arange(x.shape[1], dtype=torch.float64)[:, None]
        angle = t / 10000 ** (torch.arange(0, self.d, 2, dtype=torch.float64) / self.d)
        x = x + torch.stack([angle.sin(), angle.cos()], -1).flatten(1).float()
        x = self.layers(x, src_key_padding_mask=~mask)  # in PyTorch, True means padding
        return self.head(x[:, 0] if self.cls is not None else x)

    def named(self, of):
        """Copies of `of(parameter)` for all parameters, under Drivetrain's weight names."""
        return {k: v.detach().clone().contiguous() for k, v in self._views(of).items()}

    def _views(self, of):
        d, out = self.d, {"embedding.tokens.weight": of(self.tokens.weight)}
        if self.cls is not None:
            out["embedding.cls"] = of(self.cls)
        for i, layer in enumerate(self.layers.layers):
            at = f"encoder.layers.{i}."
            w, b = of(layer.self_attn.in_proj_weight), of(layer.self_attn.in_proj_bias)
            for j, part in enumerate(["query", "key", "value"]):
                out[f"{at}attention.{part}.weight"] = w[j * d : (j + 1) * d]
                out[f"{at}attention.{part}.bias"] = b[j * d : (j + 1) * d]
            modules = {
                "attention.output": layer.self_attn.out_proj,
                "feed_forward.inner": layer.linear1,
                "feed_forward.outer": layer.linear2,
                "attention_norm": layer.norm1,
                "feed_forward_norm": layer.norm2,
            }
            for name, module in modules.items():
                out[f"{at}{name}.weight"], out[f"{at}{name}.bias"] = of(module.weight), of(module.bias)
        out["encoder.norm.weight"], out["encoder.norm.bias"] = of(self.layers.norm.weight), of(self.layers.norm.bias)
        out["head.weight"], out["head.bias"] = of(self.head.weight), of(self.head.bias)
        return out

    def load(self, tensors):
        """Loads weights that are stored under Drivetrain's weight names."""
        for name, parameter in self._views(lambda p: p.data).items():
            parameter.copy_(tensors[name])
