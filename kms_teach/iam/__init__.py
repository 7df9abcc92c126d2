"""IAM: the API that changes who there is and what they may, as far as decisions about KMS need it."""
