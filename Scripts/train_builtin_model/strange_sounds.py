"""Sounds that the model does not know: it is to say so.

Noise, silence, music, long tones, other words. The test has some kinds and words that training has not.
"""
import math

import numpy as np

import sounds
import voices
from media_items import MediaItem, asked, wording

ANSWER = "I cannot tell what that is: I know beeps and ten words."
RATE = sounds.RATE

# Each: float [samples] of a random.Random, numpy's own, and the number of samples.


def hiss(rng, noise, count):
    """Noise, white or ever darker, even or swelling."""
    wave = noise.normal(0, 1, count)
    for _ in range(rng.choice([0, 0, 1, 2])):
        wave = np.convolve(wave, np.ones(rng.randint(2, 20)), "same")
    return wave * (np.linspace(rng.random(), rng.random(), count) if rng.random() < 0.4 else 1)


def silence(rng, noise, count):
    return np.zeros(count)


def chord(rng, noise, count):
    """Three or four notes at once, that die away or not; then others."""
    parts = []
    for _ in range(rng.randint(1, 4)):
        base = rng.uniform(130, 520)
        at = np.arange(count // 2) / RATE
        wave = sum(
            np.sin(math.tau * base * step * over * at) / over
            for step in rng.choice([(1, 1.25, 1.5), (1, 1.2, 1.5), (1, 1.25, 1.5, 2), (1, 1.33, 1.78)])
            for over in range(1, rng.randint(2, 5)))
        parts.append(wave * np.exp(-at * rng.choice([0, 2, 5])))
    return np.concatenate(parts)[: 3 * RATE]


def long_tone(rng, noise, count):
    """One tone that is much longer than a beep."""
    count = max(count, round(1.1 * RATE))
    return sounds._tone(rng, rng.uniform(150, 3000), count, rng.choice(["sine", "square", "triangle"]))


def melody(rng, noise, count):
    """Notes of different heights, one after another."""
    parts = [
        sounds._tone(rng, 220 * 2 ** (rng.randint(0, 24) / 12), round(RATE * rng.uniform(0.12, 0.45)), "triangle")
        for _ in range(rng.randint(4, 9))]
    return np.concatenate(parts)[: 3 * RATE]


def knocks(rng, noise, count):
    """Short bursts of noise at irregular times, as of keys or steps."""
    wave = np.zeros(count)
    for _ in range(rng.randint(2, 12)):
        at, size = rng.randrange(count - 800), rng.randint(60, 800)
        wave[at : at + size] += noise.normal(0, 1, size) * np.exp(-np.arange(size) / (size / 4))
    return wave


def siren(rng, noise, count):
    """A tone that glides or wavers."""
    at = np.linspace(0, 1, count)
    low, high = rng.uniform(150, 600), rng.uniform(700, 2500)
    turn = np.sin(math.tau * at * rng.uniform(1, 6)) / 2 + 0.5 if rng.random() < 0.5 else at
    return np.sin(math.tau * np.cumsum(low + turn * (high - low)) / RATE)


def bell(rng, noise, count):
    """Partials in no simple ratio, that die away."""
    at = np.arange(count) / RATE
    base = rng.uniform(250, 900)
    return sum(np.sin(math.tau * base * r * at) * np.exp(-at * r * 2) for r in (1, 2.76, 5.4, 8.9))


_spoken = {}


def speech(rng, noise, count, split="train"):
    """One to three words that are none of the ten."""
    if split not in _spoken:
        _spoken[split] = voices.Recordings(split, other=True)
    found = _spoken[split]
    parts = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        parts += [found[rng.randrange(len(found))][0] / 32768, np.zeros(round(RATE * rng.uniform(0, 0.15)))]
    return np.concatenate(parts)[: 3 * RATE]


KINDS = [hiss, silence, chord, long_tone, melody, knocks]
NEW = [siren, bell]


def sound(rng, split):
    """float32 samples of something that is neither beeps nor one of the ten words."""
    noise, count = np.random.default_rng(rng.getrandbits(32)), round(RATE * rng.uniform(0.3, 2.9))
    if rng.random() < 0.5:
        wave = speech(rng, noise, count, split)
    else:
        make = rng.choice(NEW if split == "test" and rng.random() < 0.4 else KINDS)
        wave = make(rng, noise, count)
        if make is silence:
            level = rng.choice([0, 0, 1, 3, 10]) / 32768
            return np.rint(noise.normal(0, 1, count) * level * 32768).astype(np.float32) / 32768
    around = [np.zeros(round(RATE * rng.uniform(0.02, 0.3))) for _ in range(2)]
    wave = np.concatenate([around[0], wave, around[1]])[: 3 * RATE]
    return sounds._finish(rng, wave, 0.1, 0.9)


def item(rng, split):
    """An item of kind "strange", with one of the questions that are asked about beeps and words."""
    frames = rng.choice([sounds.HEAR] * 3 + [sounds.WORD] * 3 + [sounds.COUNT, sounds.PITCH])
    return MediaItem(
        "strange", [asked("audio", 1, wording(rng, frames, split))], {"role": "assistant", "content": ANSWER},
        rng.random() < 0.5, media=[sound(rng, split)], truth=[None])
