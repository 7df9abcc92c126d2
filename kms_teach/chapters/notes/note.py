"""The note that this course began with, line by line, and what newer sheets say; by the ids of their claims."""

NOTE = (
    "master-key",
    "fips-level-2",
    "never-leave",
    "one-region",
    "public-endpoint",
    "two-kinds",
    "four-kb",
    "big-data",
    "discards",
    "sealed-on-disk",
    "key-per-object",
    "managed-three-years",
    "customer-every-year",
    "every-key-rotates",
    "old-material-stays",
    "view-not-manage",
    "owned-varies",
    "alias-per-region",
    "told-to-trust",
)
NEWER = (
    "imported-new-key",
    "imported-symmetric",
    "ten-on-demand",
    "fips-140-2",
    "every-rotation-billed",
    "free-tier-rsa",
    "data-protection-32",
)
