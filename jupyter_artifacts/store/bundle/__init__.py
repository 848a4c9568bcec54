"""Bundles: artifacts on their way to another store, as a folder or as one file.

::

    bundle.json       what this is: form, algorithm, the store it came from
    facts.jsonl       one line a collection, run, piece of history, version, edge
    packs/HEX.pack    blobs up to 256 KiB, in the store's own form of pack
    blobs/HEX         bigger blobs, a file each, named by their digest

The one file is a zip archive of these that compresses nothing (APPNOTE 6.3.10, with 64-bit
sizes): people can look into it with the tools they have, and a size in it cannot promise
more than the file holds. It is written and read here, member by member, at places that are
checked first; nothing is ever extracted.
"""
