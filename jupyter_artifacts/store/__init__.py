"""Bytes and facts, durable: blobs by digest, and the catalog that names them."""
