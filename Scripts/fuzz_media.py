#!/usr/bin/env python3
"""Break media files of every type and look at what becomes of the decoder: facet must answer or say why not.

usage: fuzz_media.py FACET [--mutations 10000] [--seed 1] [--only NAME ...] [--seconds 60] [--keep FOLDER]
Takes Tests/Fixtures/media. Each file is changed --mutations times (bits, bytes, lengths, cuts, splices, repeats, chunks that
move) and decoded in helper processes that take file after file, with the limits and the sandbox that facet gives them
(`decode-media ... many`). A helper that dies is started anew; what it died of is counted and kept. facet itself starts one
helper for each file and reads its answer, so that a helper's death is a sentence there; Tests/MediaDecodingTests shows that.
Exit code 1 when a helper took longer than --seconds for one file or wrote something that is no answer.
"""
import argparse, os, random, select, struct, subprocess, sys, time, zlib

parser = argparse.ArgumentParser()
parser.add_argument('facet')
parser.add_argument('--mutations', type=int, default=10000)
parser.add_argument('--seed', type=int, default=1)
parser.add_argument('--only', nargs='*')
parser.add_argument('--seconds', type=float, default=60)
parser.add_argument('--memory', type=int, default=2 << 30)
parser.add_argument('--keep', default='/tmp/facet-fuzz')
options = parser.parse_args()
folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'Tests', 'Fixtures', 'media')
MARK = struct.pack('<q', 0x464143455401)
INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000, 0xfffffff0]

def mutated(data, others, random):
    """One to eight changes; most of them near the beginning, where headers are."""
    b = bytearray(data)
    for _ in range(1 << random.randrange(4)):
        if not b: break
        place = min(int(len(b) * random.random() ** random.choice((1, 1, 3))), len(b) - 1)
        kind = random.randrange(9)
        if kind == 0: b[place] ^= 1 << random.randrange(8)
        elif kind == 1: b[place] = random.randrange(256)
        elif kind in (2, 3):  # a number of 2, 4 or 8 bytes, either way round
            size = random.choice((2, 4, 4, 8))
            value = random.choice(INTERESTING) if random.random() < 0.7 else random.getrandbits(8 * size)
            b[place:place + size] = (value & ((1 << 8 * size) - 1)).to_bytes(size, random.choice(('big', 'little')))
        elif kind == 4: del b[place:]
        elif kind == 5: del b[place:place + random.randrange(1, 64)]
        elif kind == 6:  # something of another file
            other = random.choice(others)
            begin = random.randrange(len(other))
            b[place:place + random.randrange(64)] = other[begin:begin + random.randrange(1, 256)]
        elif kind == 7: b[place:place] = b[place:place + random.randrange(1, 256)]
        else:  # a chunk moved elsewhere
            piece = b[place:place + random.randrange(1, 128)]
            target = random.randrange(len(b))
            b[target:target + len(piece)] = piece
    return bytes(b)

TABLE = []
for n in range(256):
    r = n << 24
    for _ in range(8): r = (r << 1 ^ (0x04c11db7 if r >> 31 else 0)) & 0xffffffff
    TABLE.append(r)

def checked(data):
    """With the checksums of PNG and Ogg put right, so that decoders get to see what is behind them."""
    b = bytearray(data)
    if b[:4] == b'\x89PNG':
        place = 8
        while place + 12 <= len(b):
            end = place + 8 + int.from_bytes(b[place:place + 4], 'big')
            if end + 4 > len(b): break
            b[end:end + 4] = zlib.crc32(b[place + 4:end]).to_bytes(4, 'big')
            place = end + 4
    place = b.find(b'OggS')
    while 0 <= place < len(b) - 27:
        end = b.find(b'OggS', place + 4) if b.find(b'OggS', place + 4) > 0 else len(b)
        b[place + 22:place + 26] = bytes(4)
        crc = 0
        for byte in b[place:end]: crc = (crc << 8 & 0xffffffff) ^ TABLE[crc >> 24 ^ byte]
        b[place + 22:place + 26] = crc.to_bytes(4, 'little')
        place = end
    return bytes(b)

class Helper:
    def __init__(self, request):
        words = [options.facet, 'decode-media', str(options.memory), '100000', 'many'] + request
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={})

    def read(self, count, deadline):
        data = b''
        while len(data) < count:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]: raise TimeoutError
            piece = os.read(self.process.stdout.fileno(), min(count - len(data), 1 << 20))
            if not piece: raise EOFError
            data += piece
        return data

    def decode(self, data):
        deadline = time.monotonic() + options.seconds
        try:
            self.process.stdin.write(struct.pack('<q', len(data)) + data)
            self.process.stdin.flush()
        except BrokenPipeError: raise EOFError
        length = struct.unpack('<q', self.read(8, deadline))[0]
        answer = self.read(length, deadline)
        if answer[:8] != MARK or answer[-8:] != MARK: raise ValueError
        return answer[8] == 1

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close() if not self.process.stdin.closed else None
        self.process.stdout.close()
        return self.process.returncode

    def memory(self):
        for line in open(f'/proc/{self.process.pid}/status'):
            if line.startswith('VmHWM'): return int(line.split()[1]) << 10
        return 0

def quiet_end(helper):
    try: return helper.end()
    except BrokenPipeError: return helper.process.returncode

names = [n for n in sorted(os.listdir(folder)) if not n.endswith(('.json', '.pdf'))]
others = [open(os.path.join(folder, n), 'rb').read() for n in names]
requests = [['prepare', 'any', '70', '2', 'sound'], ['preview', '64', '64', '2', '16']]
bad = 0
total = {'runs': 0, 'good': 0, 'died': 0, 'slow': 0}
os.makedirs(options.keep, exist_ok=True)
for name in names:
    if options.only and name not in options.only: continue
    data = open(os.path.join(folder, name), 'rb').read()
    rng = random.Random(f'{options.seed} {name}')
    count = {'runs': 0, 'good': 0, 'died': 0, 'slow': 0}
    signals, most, begin = {}, 0, time.monotonic()
    helper = Helper(requests[0])
    for number in range(options.mutations):
        # New ones now and then, so that nothing hides behind what an earlier file left.
        if number % 500 == 499:
            most = max(most, helper.memory())
            quiet_end(helper)
            helper = Helper(requests[number // 500 % 2])
        changed = mutated(data, others, rng)
        if rng.random() < 0.8: changed = checked(changed)
        count['runs'] += 1
        try: count['good'] += helper.decode(changed)
        except (EOFError, TimeoutError, ValueError) as error:
            if isinstance(error, TimeoutError): count['slow'] += 1
            else:
                try: helper.process.wait(5)
                except subprocess.TimeoutExpired: pass
            code = quiet_end(helper)
            count['died'] += 1
            kind = 'slow' if isinstance(error, TimeoutError) else 'garbage' if isinstance(error, ValueError) else code
            signals[kind] = signals.get(kind, 0) + 1
            open(os.path.join(options.keep, f'{kind}-{number}-{name}'), 'wb').write(changed)
            helper = Helper(requests[number // 500 % 2])
    most = max(most, helper.memory())
    quiet_end(helper)
    bad += count['slow'] + signals.get('garbage', 0)
    for key in total: total[key] += count[key]
    print(f"{name:20} {count['runs']} changed, {count['good']} decoded, {count['died']} helpers ended {signals or ''}, "
          f"{most >> 20} MiB, {time.monotonic() - begin:.0f} s", flush=True)
print(f"all: {total['runs']} changed, {total['good']} decoded, {total['died']} helpers ended, {total['slow']} too slow")
sys.exit(1 if bad else 0)
