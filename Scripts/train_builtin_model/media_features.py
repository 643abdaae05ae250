"""What the towers are given: patches of a picture and the log-mel frames of a sound.

Both are transformers' own for Gemma 4: pictures through `Gemma4ImageProcessorPil` with a budget of 70
soft tokens, sounds through `Gemma4AudioFeatureExtractor`. `patches` is the same arithmetic without the
class's overhead; `media_data.py --check` compares the two.
"""
import math

import numpy as np
from PIL import Image
from transformers.models.gemma4.feature_extraction_gemma4 import Gemma4AudioFeatureExtractor

BUDGET = 70
PATCH = 16
POOL = 3
MOST_PATCHES = BUDGET * POOL * POOL

_extractor = Gemma4AudioFeatureExtractor()


def target_size(rows, columns):
    """Rows and columns that a picture is stretched to: multiples of 48 within the budget."""
    side = PATCH * POOL
    factor = math.sqrt(MOST_PATCHES * PATCH**2 / (rows * columns))
    target = math.floor(factor * rows / side) * side, math.floor(factor * columns / side) * side
    if min(target) == 0:
        raise ValueError(f"A picture of {columns}x{rows} is too long for this.")
    return target


def patches(array):
    """Patches of a picture, their places and how many soft tokens they become.

    array: uint8 [rows, columns, 3].
    Returns float32 [patches, 768] from 0 to 1 in the order row, column, channel; int64 [patches, 2]
    (x, y); and patches / 9. Nothing is padded: `collate` does that.
    """
    rows, columns = target_size(*array.shape[:2])
    if array.shape[:2] != (rows, columns):
        array = np.asarray(Image.fromarray(array).resize((columns, rows), Image.Resampling.BICUBIC))
    down, across = rows // PATCH, columns // PATCH
    grid = array.reshape(down, PATCH, across, PATCH, 3).transpose(0, 2, 1, 3, 4)
    values = (grid.reshape(down * across, -1) * (1 / 255)).astype(np.float32)
    y, x = np.divmod(np.arange(down * across), across)
    return values, np.stack([x, y], -1), down * across // (POOL * POOL)


def mel(samples):
    """Log-mel frames of a sound and how many soft tokens they become.

    samples: float32 [samples] at 16 kHz.
    Returns float32 [frames, 128], bool [frames] (False for a frame that reaches into padding), and the
    number of soft tokens: a quarter of the true frames, rounded up.
    """
    out = _extractor([samples.astype(np.float32)], sampling_rate=16000, return_tensors="np")
    frames, mask = out["input_features"][0], out["input_features_mask"][0].astype(bool)
    true = int(mask.sum())
    return frames[:true], mask[:true], -(-true // 4)


def features(item, known=None):
    """A dict of what the towers are given for an item's media, in order.

    known: what was found for pictures before, by the identity of their arrays; filled.

    pictures: a list of (values, positions) as from `patches`; sounds: a list of float32 [frames, 128];
    tokens: the number of soft tokens of each of the item's media, in the order of its media.
    """
    out = {"pictures": [], "sounds": [], "tokens": []}
    for array in item.media:
        if array.dtype == np.uint8:
            known = {} if known is None else known
            if id(array) not in known:
                known[id(array)] = patches(array)
            values, positions, count = known[id(array)]
            out["pictures"].append((values, positions))
        else:
            frames, _, count = mel(array)
            out["sounds"].append(frames)
        out["tokens"].append(count)
    return out


def collate(features_of_items):
    """The model's arguments for a batch: numpy arrays, padded, in the order of items and their media.

    pixel_values float32 [pictures, patches, 768], image_position_ids int64 [pictures, patches, 2] with
    -1 where padded; input_features float32 [sounds, frames, 128], input_features_mask bool. Only those
    that are needed. Padding goes to the longest of the batch, not to the budget: the results are equal.
    Where pictures occur more than once they are given once, and picture_order int64 says which comes when.
    """
    every = [picture for features in features_of_items for picture in features["pictures"]]
    numbers = {}
    order = [numbers.setdefault(id(values), len(numbers)) for values, _ in every]
    pictures = [every[order.index(number)] for number in range(len(numbers))]
    sounds = [sound for features in features_of_items for sound in features["sounds"]]
    out = {}
    if pictures:
        most = max(len(values) for values, _ in pictures)
        pixels = np.zeros((len(pictures), most, 3 * PATCH * PATCH), np.float32)
        places = np.full((len(pictures), most, 2), -1, np.int64)
        for index, (values, positions) in enumerate(pictures):
            pixels[index, : len(values)] = values
            places[index, : len(values)] = positions
        out["pixel_values"], out["image_position_ids"] = pixels, places
        if len(every) > len(pictures):
            out["picture_order"] = np.array(order)
    if sounds:
        most = max(len(frames) for frames in sounds)
        mels = np.zeros((len(sounds), most, 128), np.float32)
        mask = np.zeros((len(sounds), most), bool)
        for index, frames in enumerate(sounds):
            mels[index, : len(frames)] = frames
            mask[index, : len(frames)] = True
        out["input_features"], out["input_features_mask"] = mels, mask
    return out
