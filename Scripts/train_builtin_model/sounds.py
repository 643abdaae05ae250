"""Sounds and questions about them: how many beeps, high or low, and ten spoken words."""
import numpy as np

from media_items import MediaItem, asked, widened, wording
from voices import Recordings

RATE = 16000
NUMBERS = ["zero", "one", "two", "three", "four", "five"]

# Frames of each question: training, validation, test.
COUNT = widened("beeps", (
    ["How many beeps?", "How many beeps are there?", "How many beeps do you hear?", "Count the beeps.",
     "How many tones?", "How many tones do you hear?", "How often does it beep?", "Count them.",
     "What is the number of beeps?", "Tell me how many beeps there are.", "Please count the beeps.",
     "How many sounds do you hear?", "How many beeps are in the recording?", "Can you count the beeps?",
     "How many times does it beep?", "Listen. How many beeps?", "I want to know how many beeps there are.",
     "Number of beeps?", "Say how many beeps there are.", "How many?"],
    ["How many tones are there?", "Count the tones.", "Tell me the number of beeps."],
    ["How many beeps can you hear?", "Please count the tones.", "How many times did it beep?",
     "Tell me how many beeps you hear."],
))
PITCH = widened("pitch", (
    ["Is it high or low?", "High or low?", "Are they high or low?", "Is the tone high or low?",
     "Is the sound high or low?", "Are the beeps high or low?", "Is the pitch high or low?",
     "What pitch is it, high or low?", "Tell me if it is high or low.", "Does it sound high or low?",
     "Is it a high or a low tone?", "Is this high or low?", "Say if it is high or low.",
     "How is the pitch?", "Are these high or low beeps?", "Listen: high or low?",
     "Is that a low sound or a high one?", "I want to know if it is high or low."],
    ["Is the beep high or low?", "Low or high?", "Tell me if the tone is high or low."],
    ["Are the tones high or low?", "Is it low or high?", "Tell me whether it is high or low.",
     "Is this sound high or low?"],
))
HEAR = (
    ["What do you hear?", "What is this?", "What is that?", "Describe the sound.", "What can be heard?",
     "Tell me what you hear.", "What is in the recording?", "Describe what you hear.", "What is this sound?",
     "Say what you hear.", "Please describe the sound.", "What do you hear in the recording?",
     "Listen. What is it?", "What was that?", "What is to be heard?", "Can you tell me what you hear?"],
    ["What is to hear here?", "Tell me what this is.", "Describe this sound."],
    ["What can you hear?", "Please tell me what you hear.", "What sound is this?", "What is it?"],
)
WORD = widened("word", (
    ["What word is it?", "What did I say?", "Write down what you hear.", "Which word is it?",
     "Which word did I say?", "What word is this?", "What was said?", "What is the word?", "What do I say?",
     "Write down the word.", "Tell me the word.", "Which word do you hear?", "What word did I say?",
     "What is said?", "Transcribe this.", "Write what I say.", "Type what you hear.", "Say the word.",
     "Please write down what I said.", "What word do you hear?", "Can you write it down?",
     "What does the voice say?", "I said a word. Which?", "What am I saying?"],
    ["Which word was it?", "Write it down.", "Tell me what I said.", "What word was that?"],
    ["Which word is this?", "What did you hear me say?", "Please write down the word.",
     "What word was said?", "Tell me which word it is."],
))


def _tone(rng, frequency, count, shape):
    """A tone of `count` samples that begins and ends softly."""
    phase = np.arange(count, dtype=np.float32) * (frequency / RATE) + rng.random()
    if shape == "sine":
        wave = np.sin(2 * np.pi * phase)
    elif shape == "square":
        wave = np.sign(np.sin(2 * np.pi * phase)) * 0.6
    else:
        wave = 4 * np.abs(phase % 1 - 0.5) - 1
    fade = max(1, min(count // 3, round(RATE * rng.uniform(0.004, 0.03))))
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    wave[:fade] *= ramp
    wave[-fade:] *= ramp[::-1]
    return wave


def _finish(rng, sound, low, high):
    """Sets the loudness, adds noise and rounds to what a WAV file of 16 bits holds."""
    level = rng.uniform(low, high)
    sound = sound * (level / max(1e-6, float(np.abs(sound).max())))
    if rng.random() < 0.6:
        noise = np.random.default_rng(rng.getrandbits(32))
        sound = sound + noise.normal(0, level * 10 ** rng.uniform(-3, -1.6), len(sound))
    whole = np.clip(np.rint(sound * 32767), -32768, 32767)
    return (whole / 32768).astype(np.float32)


def beeps(rng, split):
    """float32 samples, and what they are: a number of beeps, high or low, and their times.

    Some of training are longer, nearer to the middle, and with gaps that are as long as others' beeps.
    """
    count, high = rng.randint(1, 5), rng.random() < 0.5
    frequency = rng.uniform(1200, 2500) if high else rng.uniform(200, 500)
    shape = rng.choice(["sine", "sine", "square", "triangle"])
    length, gap = rng.uniform(0.08, 0.25), rng.uniform(0.09, 0.28)
    if split == "train" and rng.random() < 0.4:
        frequency = rng.uniform(850, 3000) if high else rng.uniform(150, 520)
        room = 1.9 / count  # All of it is to fit in three seconds.
        length, gap = rng.uniform(0.06, min(0.5, 0.55 * room)), rng.uniform(0.07, min(0.5, 0.45 * room))
    varied = rng.random() < 0.3
    parts = [np.zeros(round(RATE * rng.uniform(0.03, 0.35)))]
    at, places = len(parts[0]), []
    for index in range(count):
        if index:
            parts.append(np.zeros(round(RATE * gap * (rng.uniform(0.85, 1.3) if varied else 1))))
            at += len(parts[-1])
        seconds = length * (rng.uniform(0.8, 1.25) if varied else 1)
        parts.append(_tone(rng, frequency, round(RATE * seconds), shape))
        places.append((at / RATE, (at + len(parts[-1])) / RATE))
        at += len(parts[-1])
    parts.append(np.zeros(round(RATE * rng.uniform(0.05, 0.35))))
    sound = np.concatenate(parts)[: 3 * RATE]
    return _finish(rng, sound, 0.1, 0.9), {
        "count": count, "pitch": "high" if high else "low", "places": places}


_recordings = {}


def word(rng, split):
    """float32 samples of a voice of the split, and the word."""
    if split not in _recordings:
        _recordings[split] = Recordings(split)
    said, text = _recordings[split][rng.randrange(len(_recordings[split]))]
    sound = said.astype(np.float32) / 32768
    if split == "train":
        # A little faster or slower: other pitches and speeds than the voices have.
        count = round(len(sound) * rng.uniform(0.9, 1.12))
        sound = np.interp(np.linspace(0, len(sound) - 1, count), np.arange(len(sound)), sound)
    most = 0.6 if split == "train" and rng.random() < 0.3 else 0.3
    before, after = (np.zeros(round(RATE * rng.uniform(0.02, most))) for _ in range(2))
    sound = np.concatenate([before, sound, after])[: 3 * RATE]
    # Some of training are said quietly.
    low, high = (0.02, 0.12) if split == "train" and rng.random() < 0.2 else (0.12, 0.95)
    return _finish(rng, sound, low, high), {"word": text}


def phrase(truth):
    """ "three high beeps" """
    return f"{NUMBERS[truth['count']]} {truth['pitch']} beep" + ("s" if truth["count"] > 1 else "")


def item(rng, split, kind=None):
    """An item of kind "beeps", "pitch" or "word"; words half of the time."""
    if kind is None:
        kind = rng.choice(["beeps", "pitch", "word", "word"])
    if kind == "word":
        sound, truth = word(rng, split)
        frames = HEAR if rng.random() < 0.2 else WORD
        answer = f"The word is {truth['word']}."
    else:
        sound, truth = beeps(rng, split)
        if kind == "pitch":
            frames, answer = PITCH, truth["pitch"].capitalize() + "."
        elif rng.random() < 0.5:
            frames, answer = COUNT, NUMBERS[truth["count"]].capitalize() + "."
        else:
            frames, answer = HEAR, phrase(truth).capitalize() + "."
    item = MediaItem(
        kind, [asked("audio", 1, wording(rng, frames, split))],
        {"role": "assistant", "content": answer}, rng.random() < 0.5, media=[sound], truth=[truth])
    if kind != "word" and split == "train" and rng.random() < 0.2:
        # Asked of both, one after the other.
        frames, answer = (
            (COUNT, NUMBERS[truth["count"]]) if frames is PITCH else (PITCH, truth["pitch"]))
        item.messages += [item.answer, {"role": "user", "content": wording(rng, frames, split)}]
        item.answer = {"role": "assistant", "content": answer.capitalize() + "."}
    return item
