"""Who there is: users, roles, groups, their policies and access keys, as records."""
