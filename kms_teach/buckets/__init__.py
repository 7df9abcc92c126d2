"""What S3 keeps, as records: buckets, objects, uploads; and how they are named."""
