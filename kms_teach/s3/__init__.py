"""S3: buckets and objects, each under a data key of its own that KMS wraps as the bucket or the request asks."""
