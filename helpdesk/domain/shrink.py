"""A picture made small, by a process of its own that may use so much memory and time and no more.

    python -I shrink.py FORMAT < picture > small.webp

It reads the picture from its standard input and writes a WebP made of the pixels alone; nothing else of the picture is
carried over. What it refuses it says by its exit status. It imports nothing of the desk and is given nothing of it.
"""

import contextlib
import resource
import sys
from typing import Final

from PIL import ExifTags, Image

WIDEST: Final = 480
HIGHEST: Final = 360
# A picture of this size is 160 MB as pixels, which have to fit into the memory twice.
MOST_PIXELS: Final = 40_000_000
MEMORY: Final = 768 << 20
SECONDS: Final = 10

# Exit statuses; what the system itself ends has others.
DAMAGED: Final = 3
TOO_LARGE: Final = 4

_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def main(kind: str) -> int:
    """Make the small picture; the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    # It writes no files, and leaves none when it is ended.
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(sys.stdin.buffer, formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return TOO_LARGE
            shrink(picture).save(sys.stdout.buffer, "WEBP", quality=80, method=4)
    except (MemoryError, Image.DecompressionBombError):
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - whatever a decoder throws, the picture is none
        return DAMAGED
    return 0


def shrink(picture: Image.Image) -> Image.Image:
    """The pixels of the first frame, upright, no larger than a thumbnail, without anything that came with them."""
    # JPEG is decoded at a fraction of its size at once.
    picture.draft("RGB", (WIDEST, HIGHEST))
    picture.load()
    has_shade = "A" in picture.getbands() or "transparency" in picture.info
    pixels = picture.convert("RGBA" if has_shade else "RGB")
    # As long each way as any side may be, until it is turned.
    pixels.thumbnail((WIDEST, WIDEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if (turn := _turn_of(picture)) is not None:
        pixels = pixels.transpose(turn)
    pixels.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    return clean


def _turn_of(picture: Image.Image) -> Image.Transpose | None:
    """How the camera was held, where the picture says so in a way that can be read."""
    with contextlib.suppress(Exception):
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
