"""The claims that no other chapter owns, by subject."""

from kms_teach.chapters.notes import access_claims, data_claims, key_claims, life_claims

CLAIMS = (*key_claims.CLAIMS, *data_claims.CLAIMS, *access_claims.CLAIMS, *life_claims.CLAIMS)
