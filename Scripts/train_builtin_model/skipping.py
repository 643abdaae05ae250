"""The layers that use keys and values of earlier ones compute only the places whose next token is learned.

Nothing else is made of what they say elsewhere, and they are more than half of a step. The numbers are the same but for the last digits.
usage: skipping.py   compares loss and gradients with those of all places
"""
import random

import torch


def install(model):
    """Has the text model take `logits_to_keep` as places [rows, places] of each row, and give the states of these."""

    def sliced(states, per_layer, embeddings, masks, places, cache, **_):
        rows = torch.arange(len(places))[:, None]
        embeddings = {kind: tuple(part.expand(len(places), -1, -1)[rows, places] for part in parts)
                      for kind, parts in embeddings.items()}
        masks = {kind: mask.expand(len(places), -1, -1, -1)[rows, :, places].transpose(1, 2) for kind, mask in masks.items()}
        return states[rows, places], per_layer[rows, places], embeddings, masks

    model.model.language_model._maybe_slice_kv_shared_inputs = sliced


def places(learned, most):
    """The places [rows, most] that are true in learned [rows, tokens], and which of them are not there to fill a row."""
    order = torch.argsort(~learned, dim=1, stable=True)[:, :most]
    return order, torch.arange(order.shape[1])[None, :] < learned.sum(1)[:, None]


def check():
    import itertools

    import chat_format
    import model as models
    import orthogonal
    import text_data
    import train
    import vocabulary as vocabularies

    orthogonal.HALF = False
    rng = random.Random(1)
    made = [text_data.item(rng, "train") for _ in range(300)]
    parts = [part for item in made for part in chat_format.prompt(item) + chat_format.answer(item)]
    vocabulary = vocabularies.train([part for part in parts if type(part) is str], 600, 100)
    model = models.build(vocabulary, 1)
    model.set_attn_implementation({"text_config": "eager", "vision_config": "sdpa", "audio_config": "eager"})
    for tower in (model.model.vision_tower, model.model.audio_tower):
        tower.requires_grad_(False)
    batches = [([(batch, {}, 0)], {}) for *_, batch in itertools.islice(train.text_batches(vocabulary, "check"), 2)]
    batches.append(train.media_batch(vocabulary, "check", next(s for s in itertools.count(2000) if train.medium(s) == "pictures")))

    def found(groups, pictures, asked):
        model.zero_grad()
        loss, _ = train.loss_of(model, groups, pictures, asked)
        loss.backward()
        return loss.item(), torch.cat([w.grad.flatten() for w in model.parameters() if w.grad is not None])

    def last_cut(_, __, output):
        output.last_hidden_state = output.last_hidden_state[:, :-1]

    def everywhere(learned, _):
        return torch.arange(learned.shape[1]).expand(learned.shape), learned

    for (groups, pictures), asked in itertools.product(batches, (0.0, 0.3)):
        # transformers computes all places, and the last of a row foretells nothing.
        hook = model.model.register_forward_hook(last_cut)
        train.skipping.places = everywhere
        loss, gradient = found(groups, pictures, asked)
        hook.remove()
        train.skipping.places = places
        slicing = model.model.language_model._maybe_slice_kv_shared_inputs
        install(model)
        mine, gradient_ = found(groups, pictures, asked)
        model.model.language_model._maybe_slice_kv_shared_inputs = slicing
        assert abs(mine - loss) < 1e-5 * loss and (gradient_ - gradient).norm() < 1e-5 * gradient.norm()
    print("loss and gradients are those of all places")


if __name__ == "__main__":
    check()
