"""Blobs in a bucket: Amazon S3 and what speaks its protocol, Google Cloud Storage, Azure; through obstore."""
