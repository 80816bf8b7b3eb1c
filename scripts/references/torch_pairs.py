"""Make tests/gru_core/references/torch_pairs.safetensors: encoders and decoders of torch.

Their losses while they train with teacher forcing, and their greedy answers. As in
`torch_training`, the two biases of torch are trained as one. Also the answers of torch with the
weights of the gallery's encoders and decoders, which are to be made again when those are trained
again.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy, one_hot
from torch.nn.utils.rnn import pack_padded_sequence

import gru_core
from gru_core.gallery.recipes import RECIPES
from scripts.references.store import store
from scripts.references.torch_networks import module
from scripts.references.torch_training import join_biases, joined
from tests.gru_core.cases import Arrays
from tests.gru_core.pair_cases import (
    ANSWERS,
    CASES,
    CLIP,
    DECAY,
    END,
    GALLERY,
    LONGEST,
    PAIRS,
    RATE,
    START,
    Drawn,
    draw,
)
from tests.gru_core.torch_cases import TorchCase

NETWORKS = Path(gru_core.__file__).parent / "gallery" / "networks"
PARTS = ("encoder.", "decoder.rnn.")
ASKED_GALLERY = 200


def main() -> None:
    stored: Arrays = {}
    for case in CASES:
        model, drawn = Model(case), draw(case)
        said, outputs = model.answers(drawn.asked)
        stored |= {f"{case.key}/said": said, f"{case.key}/outputs": outputs}
        stored[f"{case.key}/losses"] = model.losses(drawn)
    for name in GALLERY:
        asked, said = gallery_answers(name)
        stored |= {f"{name}/asked": asked, f"{name}/said": said}
    store(PAIRS, stored, torch)


def gallery_answers(name: str) -> tuple[Any, Any]:
    """Return symbols to read, −1 after their end, and torch's answers, −1 after the end mark."""
    task = RECIPES[name].task
    texts = task.texts(np.random.default_rng(5), ASKED_GALLERY, held_out=True)
    tensors = load_file(NETWORKS / f"{name}.safetensors")
    sizes, limit = (len(task.alphabet), len(task.answers)), task.shape[1]
    encoder, decoder = (loaded(tensors, part, I) for part, I in zip(PARTS, sizes, strict=True))
    W, b = (tensors[f"decoder.readout.{name}"] for name in ("weight", "bias"))
    asked = np.full((len(texts), task.shape[0]), -1, np.int8)
    said = np.full((len(texts), limit), -1, np.int8)
    with torch.no_grad():
        for i, text in enumerate(texts):
            symbols = task.encoded(text)
            asked[i, : len(symbols)] = symbols
            _, states = encoder(one_hot(torch.tensor(symbols), sizes[0]).float())
            symbol = task.start
            for t in range(limit):
                h, states = decoder(one_hot(torch.tensor([symbol]), sizes[1]).float(), states)
                said[i, t] = symbol = int((h @ W.T + b)[0].argmax())
                if symbol == task.end:
                    break
    return asked, said


def loaded(tensors: dict[str, torch.Tensor], prefix: str, inputs: int) -> torch.nn.GRU:
    """Return the GRU whose arrays have a prefix, by the names that torch gives them."""
    found = {name.removeprefix(prefix): w for name, w in tensors.items() if name.startswith(prefix)}
    net = torch.nn.GRU(inputs, found["weight_hh_l0"].shape[1])
    net.load_state_dict(found)
    return net


class Model(torch.nn.Module):
    """An encoder, a decoder that starts from its last states, and a readout."""

    def __init__(self, case: TorchCase) -> None:
        super().__init__()
        drawn = draw(case)
        self.case = case
        self.encoder = module(case, case.I, drawn.encoder, torch.float64)
        self.decoder = module(case, ANSWERS, drawn.decoder, torch.float64)
        self.readout = torch.nn.Linear(case.H, ANSWERS, dtype=torch.float64)
        self.readout.load_state_dict({n: torch.tensor(w) for n, w in drawn.readout.items()})

    def answers(self, asked: list[list[int]]) -> tuple[Any, Any]:
        """Return what is said at each step, −1 after the end, and the outputs there, else 0."""
        said = np.full((len(asked), LONGEST), -1)
        outputs = np.zeros((len(asked), LONGEST, ANSWERS))
        with torch.no_grad():
            for i, symbols in enumerate(asked):
                x = one_hot(torch.tensor(symbols), self.case.I).double()
                _, states = self.encoder(x)
                symbol = START
                for t in range(LONGEST):
                    read = one_hot(torch.tensor([symbol]), ANSWERS).double()
                    h, states = self.decoder(read, states)
                    output = self.readout(h)[0]
                    symbol = int(output.argmax())
                    said[i, t], outputs[i, t] = symbol, output.numpy()
                    if symbol == END:
                        break
        return said, outputs

    def losses(self, drawn: Drawn) -> Any:
        """Return the loss of every batch, before its update."""
        nets = (self.encoder, self.decoder)
        for net in nets:
            join_biases(self.case, net)
        parameters = list(self.parameters())
        adam = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
        found = []
        for k in range(len(drawn.x)):
            adam.zero_grad()
            x = one_hot(torch.tensor(drawn.x[k]), self.case.I).double()
            lengths = torch.tensor(drawn.lengths[k])
            _, states = self.encoder(pack_padded_sequence(x, lengths, enforce_sorted=False))
            target = torch.tensor(drawn.target[k])
            read = torch.cat([torch.full_like(target[:1], START), target[:-1]])
            output = self.readout(self.decoder(one_hot(read, ANSWERS).double(), states)[0])
            counts = torch.arange(LONGEST)[:, None] < torch.tensor(drawn.spoken[k])
            loss = cross_entropy(output[counts], target[counts])
            loss.backward()
            for net in nets:
                for name, bias in net.named_parameters():
                    if "bias_hh" in name:
                        bias.grad[: joined(self.case)] = 0
            torch.nn.utils.clip_grad_norm_(parameters, CLIP)
            adam.step()
            found.append(loss.item())
        return np.array(found)


if __name__ == "__main__":
    main()
