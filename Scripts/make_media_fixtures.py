#!/usr/bin/env python3
"""Write Tests/Fixtures/media: tiny files of every type that is read, and what Pillow makes of the pictures.

usage: make_media_fixtures.py Tests/Fixtures/media
Needs: ffmpeg with libx264, libx265, libvpx, libopus, libvorbis, libmp3lame; pip install pillow numpy pypdf cryptography
Pictures: expected pixels are Pillow's, upright and over white, in pictures.json as base64 of RGB.
Videos: 40 frames at 10 per second; frame n shows the bits of n as eight columns, the highest on the left.
"""
import base64, json, os, struct, subprocess, sys
import numpy as np
from PIL import Image, ImageOps

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
expected = {}

def path(name): return os.path.join(out, name)

def scene(w=24, h=16):
    """Smooth colours with a dark F in the left upper part, so that every turn is told from the others."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    a = np.stack([255 * x / (w - 1), 255 * y / (h - 1), 255 - 255 * (x + y) / (w + h - 2)], -1)
    a[2:h - 4, 2:5] = a[2:4, 2:11] = a[6:8, 2:9] = (20, 30, 60)
    return np.clip(np.round(a), 0, 255).astype(np.uint8)

def upright(file):
    image = ImageOps.exif_transpose(Image.open(file))
    if image.mode == 'P' or 'transparency' in image.info: image = image.convert('RGBA')
    if image.mode in ('LA', 'RGBA'):
        image = image.convert('RGBA')
        white = Image.new('RGBA', image.size, 'white')
        image = Image.alpha_composite(white, image)
    return image.convert('RGB')

def expect(name, tolerance, pixels=None):
    image = upright(path(name)) if pixels is None else Image.fromarray(pixels)
    expected[name] = {'width': image.width, 'height': image.height, 'tolerance': tolerance,
                      'pixels': base64.b64encode(image.tobytes()).decode()}

def picture(name, image, tolerance=0, **options):
    image.save(path(name), **options)
    expect(name, tolerance)

def exif(orientation):
    e = Image.Exif()
    e[274] = orientation
    return e

def pictures():
    rgb = scene()
    image = Image.fromarray(rgb)
    alpha = np.linspace(0, 255, rgb.shape[1]).round().astype(np.uint8)[None, :, None].repeat(rgb.shape[0], 0)
    clear = Image.fromarray(np.concatenate([rgb, alpha], -1))
    picture('rgb.png', image)
    picture('palette.png', image.quantize(64))
    picture('grey.png', image.convert('L'))
    picture('bits.png', image.convert('1'))
    picture('alpha.png', clear)
    picture('grey-alpha.png', clear.convert('LA'))
    marked = image.quantize(16)
    picture('palette-alpha.png', marked, transparency=3)
    picture('exif-6.png', image, exif=exif(6))
    sixteen = (rgb.astype(np.uint32) * 257).astype('>u2')
    with open(path('sixteen.png'), 'wb') as f: f.write(png16(sixteen))
    expect('sixteen.png', 1, rgb)
    grey16 = np.asarray(image.convert('L')).astype(np.uint32) * 257
    with open(path('grey-sixteen.png'), 'wb') as f: f.write(png16(grey16.astype('>u2')[..., None]))
    expect('grey-sixteen.png', 1, np.asarray(image.convert('L').convert('RGB')))
    picture('rgb.gif', image.quantize(64))
    picture('alpha.gif', marked, transparency=3)
    frames = [Image.fromarray(np.roll(rgb, 3 * n, 1)).quantize(32) for n in range(3)]
    picture('animated.gif', frames[0], save_all=True, append_images=frames[1:], duration=100)
    picture('rgb.bmp', image)
    picture('rgb.tiff', image)
    picture('packed.tiff', image, compression='tiff_lzw')
    picture('exif-6.tiff', image, exif=exif(6))
    picture('lossless.webp', image, lossless=True)
    picture('alpha.webp', clear, lossless=True, exact=True)
    picture('exif-6.webp', image, lossless=True, exif=exif(6))
    smooth = image.resize((36, 26), Image.BICUBIC)
    picture('lossy.webp', smooth, 1, quality=80)
    moving = [Image.fromarray(np.roll(rgb, 3 * n, 1)) for n in range(3)]
    picture('animated.webp', moving[0], save_all=True, append_images=moving[1:], duration=100, lossless=True)
    veiled = smooth.convert('RGBA')
    veiled.putalpha(Image.fromarray(np.linspace(0, 255, 36).round().astype(np.uint8)[None].repeat(26, 0)))
    more = [veiled, veiled.transpose(Image.FLIP_LEFT_RIGHT)]
    picture('animated-alpha.webp', more[0], 2, save_all=True, append_images=more[1:], duration=100, quality=80)
    picture('rgb.avif', smooth, 2, quality=90, subsampling='4:4:4')
    picture('exif-6.avif', image, 2, quality=95, subsampling='4:4:4', exif=exif(6))
    for name, how in (('444', 0), ('422', 1), ('420', 2)):
        picture(f'{name}.jpg', smooth, 3, quality=92, subsampling=how)
    picture('grey.jpg', smooth.convert('L'), 1, quality=92)
    picture('progressive.jpg', smooth, 3, quality=85, progressive=True)
    picture('cmyk.jpg', smooth.convert('CMYK'), 3, quality=92)
    for n in range(1, 9): picture(f'exif-{n}.jpg', smooth, 3, quality=85, subsampling=0, exif=exif(n))
    json.dump(expected, open(path('pictures.json'), 'w'), indent=0)

def png16(samples):
    """A PNG of big-endian 16-bit samples [height, width, channels], which Pillow does not write."""
    import zlib
    h, w, c = samples.shape
    raw = b''.join(b'\0' + samples[y].tobytes() for y in range(h))
    chunk = lambda n, d: struct.pack('>I', len(d)) + n + d + struct.pack('>I', zlib.crc32(n + d))
    head = struct.pack('>IIBBBBB', w, h, 16, {1: 0, 3: 2}[c], 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(raw, 9)) + chunk(b'IEND', b'')

def ffmpeg(arguments, data=b''):
    same = ['-fflags', '+bitexact', '-flags', '+bitexact', '-map_metadata', '-1']
    subprocess.run(['ffmpeg', '-loglevel', 'error', '-y'] + arguments[:-1] + same + arguments[-1:], input=data, check=True)

def sounds():
    """A tenth of a second: 440 Hz on the left, silence on the right, so that the mean has half the height."""
    def tone(rate, channels):
        t = np.arange(rate // 10) / rate
        s = np.zeros((len(t), channels))
        s[:, 0] = 0.5 * np.sin(2 * np.pi * 440 * t)
        return s.astype('<f4').tobytes()
    for name, rate, channels, how in (
            ('mono16k.wav', 16000, 1, ['-c:a', 'pcm_s16le']), ('stereo44k.wav', 44100, 2, ['-c:a', 'pcm_s24le']),
            ('float8k.wav', 8000, 1, ['-c:a', 'pcm_f32le']), ('bytes11k.wav', 11025, 1, ['-c:a', 'pcm_u8']),
            ('five48k.flac', 48000, 5, []), ('stereo.mp3', 44100, 2, ['-b:a', '64k']),
            ('stereo.ogg', 44100, 2, ['-c:a', 'libvorbis']), ('stereo.opus', 48000, 2, ['-c:a', 'libopus', '-b:a', '48k']),
            ('stereo.m4a', 44100, 2, ['-c:a', 'aac', '-b:a', '64k'])):
        ffmpeg(['-f', 'f32le', '-ar', str(rate), '-ac', str(channels), '-i', '-'] + how + [path(name)], tone(rate, channels))

def videos():
    def frame(n):
        a = np.zeros((48, 64, 3), np.uint8)
        for bit in range(8): a[:, 8 * bit:8 * bit + 8] = 235 if n >> (7 - bit) & 1 else 20
        return a.tobytes()
    data = b''.join(frame(n) for n in range(40))
    raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '64x48', '-r', '10', '-i', '-']
    tone = ['-f', 'lavfi', '-i', 'sine=440:sample_rate=48000:duration=4']
    x264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '12', '-bf', '3', '-crf', '30', '-threads', '1']
    for name, inputs, how in (
            ('h264.mp4', raw, x264), ('open.mkv', raw, x264 + ['-x264-params', 'open-gop=1:keyint=10:bframes=3']),
            ('sound.mp4', raw + tone, x264 + ['-c:a', 'aac', '-b:a', '32k']),
            ('h264.mov', raw, x264), ('hevc.mp4', raw, ['-c:v', 'libx265', '-pix_fmt', 'yuv420p', '-x265-params', 'log-level=none:keyint=12']),
            ('vp9.webm', raw + tone, ['-c:v', 'libvpx-vp9', '-g', '12', '-b:v', '60k', '-c:a', 'libopus', '-b:a', '16k']),
            ('vp8.webm', raw, ['-c:v', 'libvpx', '-g', '12', '-auto-alt-ref', '1', '-lag-in-frames', '12', '-b:v', '60k']),
            ('ffv1.mkv', raw, ['-c:v', 'ffv1', '-pix_fmt', 'bgr0', '-g', '1']), ('motion.avi', raw, ['-c:v', 'mjpeg', '-q:v', '12'])):
        ffmpeg(inputs + how + [path(name)], data)
    short = b''.join(frame(n) for n in range(5))
    ffmpeg(raw + x264 + [path('short.mp4')], short)

def documents():
    """Two pages of 200 x 300 points, the second with a black square; the same behind a password."""
    from pypdf import PdfReader, PdfWriter
    texts = ['BT /F1 14 Tf 20 200 Td (First page: Gr\\374\\337e) Tj ET', 'BT /F1 14 Tf 20 200 Td (Second page) Tj ET 10 10 80 80 re f']
    objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>',
               '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>']
    for n, text in enumerate(texts):
        objects.append(f'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * n} 0 R >>')
        objects.append(f'<< /Length {len(text)} >>\nstream\n{text}\nendstream')
    data = b'%PDF-1.4\n'
    places = []
    for n, o in enumerate(objects, 1):
        places.append(len(data))
        data += f'{n} 0 obj\n{o}\nendobj\n'.encode('latin-1')
    start = len(data)
    data += f'xref\n0 {len(objects) + 1}\n0000000000 65535 f \n'.encode()
    data += b''.join(b'%010d 00000 n \n' % p for p in places)
    data += f'trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n'.encode()
    open(path('two-pages.pdf'), 'wb').write(data)
    writer = PdfWriter(clone_from=path('two-pages.pdf'))
    writer.encrypt('secret')
    writer.write(path('locked.pdf'))

pictures(); sounds(); videos(); documents()
sizes = [os.path.getsize(path(n)) for n in os.listdir(out)]
print(len(sizes), 'files,', sum(sizes), 'bytes')
