#!/bin/sh
# Deploys this package, with the options of `sam deploy`. Each time is a release of its own: SAM publishes no
# version where settings or parameters alone have changed.
set -eu
cd "$(dirname "$0")"
sed "s/^\( *RELEASE: \).*/\1$(date -u +%Y%m%dT%H%M%SZ)/" template.yaml > deployed.yaml
exec sam deploy --template-file deployed.yaml "$@"
