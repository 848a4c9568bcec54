"""Pure values: names, digests, manifests, metadata, history steps, lineage. No I/O."""
