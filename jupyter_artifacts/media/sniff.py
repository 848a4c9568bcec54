"""What a file is, by its first bytes; its name is not asked."""

from __future__ import annotations

_RIFF_KIND = slice(8, 12)
_BOX_KIND = slice(4, 8)
_BRAND = slice(8, 12)
# Eleven set bits, then any version, then layer III; a byte-order mark is not taken for it.
_MPEG_SYNC, _MPEG_MASK, _MPEG_BITS = 0xFF, 0xE6, 0xE2
_EBML_HEAD = 64


def sound_suffix(data: bytes) -> str | None:
    """Return ``.wav``, ``.flac``, ``.ogg``, ``.mp3``, ``.m4a`` or ``.webm``; None when it is no sound."""
    if data[:4] == b"RIFF" and data[_RIFF_KIND] == b"WAVE":
        return ".wav"
    if data[:4] == b"fLaC":
        return ".flac"
    if data[:3] == b"ID3" or (len(data) > 1 and data[0] == _MPEG_SYNC and data[1] & _MPEG_MASK == _MPEG_BITS):
        return ".mp3"
    shared = video_suffix(data)
    return {".ogg": ".ogg", ".webm": ".webm", ".mp4": ".m4a"}.get(shared or "")


def video_suffix(data: bytes) -> str | None:
    """Return ``.mp4``, ``.webm``, ``.ogg`` or ``.gif``; None when it is no film that browsers play."""
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return ".gif"
    if data[_BOX_KIND] == b"ftyp" and data[_BRAND] not in {b"heic", b"heix", b"avif", b"qt  "}:
        return ".mp4"
    if data[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in data[:_EBML_HEAD]:
        return ".webm"
    if data[:4] == b"OggS":
        return ".ogg"
    return None
