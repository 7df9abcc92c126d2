"""As pyca lays it out."""
