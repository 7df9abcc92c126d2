"""S3 with KMS: each object has a data key, and whoever reads it must be let in by S3 and by KMS."""
