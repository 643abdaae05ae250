#!/usr/bin/env python3
"""How fast pictures and sound are encoded, beside llama.cpp's libmtmd, in one run on this machine.

For every mmproj file it alternates `facet bench-media` and libmtmd, prints a table and keeps table and
raw lines in Benchmarks/results/. Definitions are in Benchmarks/README.md.
"""
import argparse
import ctypes
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

HOME = pathlib.Path(__file__).resolve().parent
ROOT = HOME.parent


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("mmproj", nargs="+", help="encoder files, of one model")
    parser.add_argument("--text", help="a text model of the same width, which libmtmd wants to see")
    parser.add_argument("--library", default=os.environ.get("FACET_PEER_LIB"), help="folder of libmtmd.so")
    parser.add_argument("--image-size", type=int, default=768, help="pixels of the square picture's side")
    parser.add_argument("--audio-seconds", type=int, default=30, help="of sound; 0 measures none")
    parser.add_argument("-t", "--threads", type=int, default=os.cpu_count())
    parser.add_argument("-r", type=int, default=3, help="runs of which each program takes the median")
    parser.add_argument("--rounds", type=int, default=2, help="turns of facet, then the peer")
    parser.add_argument("--facet", type=pathlib.Path, default=ROOT / ".build/release/facet")
    parser.add_argument("--results", type=pathlib.Path, default=HOME / "results")
    parser.add_argument("--peer-only", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


# The peer: a process of its own, this script again.


class ModelParams(ctypes.Structure):
    _fields_ = [
        ("devices", ctypes.c_void_p), ("overrides", ctypes.c_void_p), ("gpu_layers", ctypes.c_int32),
        ("split", ctypes.c_int), ("load", ctypes.c_int), ("lazy", ctypes.c_int), ("gpu", ctypes.c_int32),
        ("tensor_split", ctypes.c_void_p), ("progress", ctypes.c_void_p), ("data", ctypes.c_void_p),
        ("keys", ctypes.c_void_p), ("flags", ctypes.c_bool * 6),
    ]


class MediaParams(ctypes.Structure):
    _fields_ = [
        ("use_gpu", ctypes.c_bool), ("device", ctypes.c_void_p), ("timings", ctypes.c_bool),
        ("threads", ctypes.c_int), ("image_marker", ctypes.c_char_p), ("marker", ctypes.c_char_p),
        ("flash", ctypes.c_int), ("warmup", ctypes.c_bool), ("least", ctypes.c_int), ("most", ctypes.c_int),
        ("callback", ctypes.c_void_p), ("data", ctypes.c_void_p), ("batch", ctypes.c_int32),
        ("progress", ctypes.c_void_p), ("progress_data", ctypes.c_void_p),
    ]


class Text(ctypes.Structure):
    _fields_ = [
        ("text", ctypes.c_char_p), ("size", ctypes.c_size_t), ("special", ctypes.c_bool), ("parse", ctypes.c_bool),
    ]


def measure_peer(options):
    library = pathlib.Path(options.library)
    llama = ctypes.CDLL(str(library / "libllama.so"), mode=ctypes.RTLD_GLOBAL)
    mtmd = ctypes.CDLL(str(library / "libmtmd.so"))
    quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
    llama.llama_log_set(quiet, None)
    mtmd.mtmd_log_set(quiet, None)
    for call, result in [
        (llama.llama_model_default_params, ModelParams), (llama.llama_model_load_from_file, ctypes.c_void_p),
        (mtmd.mtmd_context_params_default, MediaParams), (mtmd.mtmd_init_from_file, ctypes.c_void_p),
        (mtmd.mtmd_bitmap_init, ctypes.c_void_p), (mtmd.mtmd_bitmap_init_from_audio, ctypes.c_void_p),
        (mtmd.mtmd_input_chunks_init, ctypes.c_void_p), (mtmd.mtmd_input_chunks_get, ctypes.c_void_p),
        (mtmd.mtmd_input_chunks_size, ctypes.c_size_t), (mtmd.mtmd_input_chunk_get_n_tokens, ctypes.c_size_t),
        (mtmd.mtmd_default_marker, ctypes.c_char_p), (mtmd.mtmd_support_audio, ctypes.c_bool),
    ]:
        call.restype = result
    llama.llama_backend_init()
    model = llama.llama_model_load_from_file(options.text.encode(), llama.llama_model_default_params())
    params = mtmd.mtmd_context_params_default()
    params.use_gpu, params.threads, params.warmup = False, options.threads, False
    mtmd.mtmd_init_from_file.argtypes = [ctypes.c_char_p, ctypes.c_void_p, MediaParams]
    context = mtmd.mtmd_init_from_file(options.mmproj[0].encode(), model, params)
    if not context:
        sys.exit("libmtmd cannot open the file.")
    context = ctypes.c_void_p(context)

    def run(bitmap):
        """Seconds and processor seconds of encoding alone, for each run, and the soft tokens."""
        marker = mtmd.mtmd_default_marker()
        text = Text(marker, len(marker), True, True)
        chunks = ctypes.c_void_p(mtmd.mtmd_input_chunks_init())
        bitmaps = (ctypes.c_void_p * 1)(bitmap)
        if mtmd.mtmd_tokenize(context, chunks, ctypes.byref(text), bitmaps, ctypes.c_size_t(1)) != 0:
            sys.exit("libmtmd cannot read the media.")
        count = mtmd.mtmd_input_chunks_size(chunks)
        parts = [ctypes.c_void_p(mtmd.mtmd_input_chunks_get(chunks, ctypes.c_size_t(i))) for i in range(count)]
        media = [part for part in parts if mtmd.mtmd_input_chunk_get_type(part) != 0]
        seconds, processor = [], []
        for _ in range(options.r + 1):
            start, begun = time.perf_counter(), time.process_time()
            for part in media:
                if mtmd.mtmd_encode_chunk(context, part) != 0:
                    sys.exit("libmtmd cannot encode the media.")
            seconds.append(round(time.perf_counter() - start, 4))
            processor.append(round(time.process_time() - begun, 4))
        # The first run makes buffers and reads the file.
        return seconds[1:], processor[1:], sum(mtmd.mtmd_input_chunk_get_n_tokens(part) for part in media)

    side = options.image_size
    pixels = bytes(((x * 7 + y * 13 + c * 50) // 3) & 255 for y in range(side) for x in range(side) for c in range(3))
    result = {}
    found = run(mtmd.mtmd_bitmap_init(side, side, pixels))
    result["picture_s"], result["picture_cpu_s"], result["picture_tokens"] = found
    if options.audio_seconds and mtmd.mtmd_support_audio(context):
        count = 16000 * options.audio_seconds
        sound = (ctypes.c_float * count)(*[((i * 37) % 2003) / 2003 - 0.5 for i in range(count)])
        found = run(mtmd.mtmd_bitmap_init_from_audio(ctypes.c_size_t(count), sound))
        result["sound_s"], result["sound_cpu_s"], result["sound_tokens"] = found
    with open("/proc/self/status") as status:
        result["peak_mb"] = next(int(line.split()[1]) >> 10 for line in status if line.startswith("VmHWM"))
    print(json.dumps(result))


# Both.


def facet_line(options, file):
    command = [
        options.facet, "bench-media", "--mmproj", file, "--image-size", str(options.image_size),
        "--audio-seconds", str(options.audio_seconds), "-t", str(options.threads), "-r", str(options.r), "--json",
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def peer_line(options, file):
    command = [
        sys.executable, __file__, file, "--peer-only", "--text", options.text, "--library", options.library,
        "--image-size", str(options.image_size), "--audio-seconds", str(options.audio_seconds),
        "-t", str(options.threads), "-r", str(options.r),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"The peer failed: {done.stderr.strip().splitlines()[-1:]}")
    return json.loads(done.stdout.splitlines()[-1])


def commit():
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


def main():
    options = arguments()
    if options.peer_only:
        return measure_peer(options)
    has_peer = bool(options.text and options.library)
    if not has_peer:
        print("No peer: name --text and --library.", file=sys.stderr)
    lines, table = [], []
    for file in options.mmproj:
        found = {"facet": [], "llama.cpp": []}
        for _ in range(options.rounds):
            for program, line in [("facet", facet_line), ("llama.cpp", peer_line)]:
                if program == "llama.cpp" and not has_peer:
                    continue
                load = os.getloadavg()[0]
                result = line(options, file)
                found[program].append(result)
                about = dict(
                    program=program, mmproj=pathlib.Path(file).name, date=str(datetime.date.today()),
                    commit=commit(), threads=options.threads, load_before=round(load, 2))
                lines.append(about | result)
                print(json.dumps(lines[-1]), flush=True)
        for kind in ["picture", "sound"]:
            def medians(field):
                return {
                    program: statistics.median(second for run in runs for second in run[field])
                    for program, runs in found.items() if runs and field in runs[0]
                }

            times, work = medians(f"{kind}_s"), medians(f"{kind}_cpu_s")
            if "facet" not in times:
                continue
            row = [pathlib.Path(file).name, kind, found["facet"][0][f"{kind}_tokens"]]
            row += [f"{times['facet']:.2f}", f"{work['facet']:.2f}"]
            if "llama.cpp" in times:
                row += [found["llama.cpp"][0][f"{kind}_tokens"]]
                row += [f"{times['llama.cpp']:.2f}", f"{work['llama.cpp']:.2f}"]
                row += [f"{both['llama.cpp'] / both['facet']:.2f}" for both in (times, work)]
            table.append("| " + " | ".join(str(cell) for cell in row + ["-"] * (10 - len(row))) + " |")
    head = [
        f"Pictures of {options.image_size} x {options.image_size}, {options.audio_seconds} s of sound, "
        f"{options.threads} threads; {datetime.date.today()}, commit {commit()}",
        "",
        "| file | | soft tokens | facet s | processor s | llama.cpp's tokens | s | processor s | as fast | as little work |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    text = "\n".join(head + table) + "\n"
    print(text)
    machine = next((line["machine"] for line in lines if "machine" in line), "machine")
    name = "".join(c if c.isalnum() else "-" for c in machine.lower()).strip("-")
    while "--" in name:
        name = name.replace("--", "-")
    stem = options.results / f"media-{name}-{os.cpu_count()}-cores-{datetime.date.today()}"
    options.results.mkdir(exist_ok=True)
    with open(f"{stem}.jsonl", "a") as out:
        out.writelines(json.dumps(line) + "\n" for line in lines)
    with open(f"{stem}.md", "a") as out:
        out.write(text + "\n")


if __name__ == "__main__":
    main()
