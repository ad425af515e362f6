#!/bin/sh
# An agent in a few lines: which version serves this user, is it killed, and how it went.
# Needs curl and jq.   ./agent.sh user-7
set -u
url="${SIGNALMAN_URL:-http://127.0.0.1:3001}"
auth="Authorization: Bearer ${SIGNALMAN_TOKEN:-}"
user="${1:-user-7}"

# When Signalman is away these hold: the stated default, and nothing killed.
version=2.3.3
killed=false
assigned=pinned

context=$(jq -n --arg user "$user" '{context: {targetingKey: $user}}')
if answer=$(curl --silent --fail --max-time 1 --header "$auth" --json "$context" \
    "$url/ofrep/v1/evaluate/flags/support-agent.version"); then
  version=$(echo "$answer" | jq -r .value)
  killed=$(echo "$answer" | jq -r .metadata.killed)
  assigned=$(echo "$answer" | jq -r .metadata.assigned)
fi

if [ "$killed" = true ]; then
  echo "$user: This service is switched off; a person will answer."
  exit 0
fi

# Here the agent would do its work as this version.
echo "$user: [$version] where is my parcel?"

jq -nc --arg version "$version" --arg user "$user" --arg assigned "$assigned" \
  '[{service: "support-agent", version: $version, success: true, latency_ms: 420,
     key: $user, assigned: $assigned}]' |
  curl --silent --max-time 2 --header "$auth" --json @- "$url/v1/agent-logs"
echo
