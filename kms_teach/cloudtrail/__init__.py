"""CloudTrail: the event history of an account in a Region, as LookupEvents answers it."""
