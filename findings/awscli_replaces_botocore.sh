#!/usr/bin/env bash
# awscli 1.46.3 beside botocore 1.44.5: after `import awscli.clidriver`, `import botocore` gives another botocore.
#
# Version 1 of the command carries a botocore of its own. One expects it to stay inside the package. It registers it as
# `botocore` in sys.modules, so that in a program which uses both, the version that `pip` shows is not the one that runs,
# and operations that are newer than the command's copy are missing from its clients.
#
# Seen:
#     installed: 1.44.5
#     imported first: 1.44.5
#     imported after awscli.clidriver: 1.43.62
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet awscli==1.46.3 botocore==1.44.5
run() { AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null "$folder/venv/bin/python" -c "$1"; }
installed=$(run 'from importlib.metadata import version; print(version("botocore"))')
first=$(run 'import botocore; print(botocore.__version__)')
after=$(run 'import awscli.clidriver, botocore; print(botocore.__version__)')
printf 'installed: %s\nimported first: %s\nimported after awscli.clidriver: %s\n' "$installed" "$first" "$after"
[[ "$installed $first $after" == "1.44.5 1.44.5 1.43.62" ]]
