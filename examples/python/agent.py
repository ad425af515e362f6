"""An agent that lets Signalman decide which of its versions serves a user.

It speaks OFREP itself, with Python's standard library alone. With the packages
openfeature-sdk and openfeature-provider-ofrep, `ask` becomes one call of a client.

    python3 agent.py
"""

import json
import os
import time
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timezone

URL = os.environ.get("SIGNALMAN_URL", "http://127.0.0.1:3001")
TOKEN = os.environ.get("SIGNALMAN_TOKEN", "")
REQUESTS = int(os.environ.get("REQUESTS", "1000000000"))
PAUSE_S = float(os.environ.get("PAUSE_MS", "200")) / 1000
SERVICE = "support-agent"

# Everything this process can run. Yours would call a model; these two answer by themselves.
VERSIONS = {
    "2.3.3": lambda question: f"I have noted: {question}",
    "2.4.0": lambda question: f"Understood, I am on it: {question}",
}

# What holds while Signalman is away: the stable version last heard of, for everybody, because an
# outage must not spread a candidate; and a switch stays as it was.
away = {"version": "2.3.3", "killed": False, "assigned": "pinned"}


def post(path, body, headers=None, timeout=0.5):
    """The parsed answer, or None when Signalman is away, busy or of another opinion."""
    request = urllib.request.Request(
        URL + path,
        data=json.dumps(body).encode(),
        headers={
            "content-type": "application/json",
            **({"authorization": f"Bearer {TOKEN}"} if TOKEN else {}),
            **(headers or {}),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 400:
            print("refused:", error.read().decode(), flush=True)
            return {}
        return None
    except (OSError, ValueError):
        return None


def ask(user):
    """One request gives both: the version for this user, and whether the service is killed."""
    context = {"targetingKey": user, "versions": list(VERSIONS)}
    answer = post(f"/ofrep/v1/evaluate/flags/{SERVICE}.version", {"context": context})
    if not answer or "value" not in answer:
        return away
    metadata = answer.get("metadata", {})
    away["killed"] = metadata.get("killed") is True
    if metadata.get("arm") == "stable":
        away["version"] = answer["value"]
    return {
        "version": answer["value"],
        "killed": away["killed"],
        "assigned": metadata.get("assigned", "split"),
    }


def serve(user, question):
    given = ask(user)
    if given["killed"]:
        return "This service is switched off; a person will answer."
    started = time.monotonic()
    log = {
        "service": SERVICE,
        "version": given["version"],
        "key": user,
        "assigned": given["assigned"],
    }
    try:
        answer = VERSIONS[given["version"]](question)
    except Exception as error:
        report({**log, "success": False, "error": repr(error)})
        return "Something went wrong; a person will answer."
    report({**log, "success": True, "latency_ms": (time.monotonic() - started) * 1000})
    return f"[{given['version']}] {answer}"


# Logs leave in batches. A batch keeps its key when it is sent again, so it counts once.
LOGS_MAX = 10_000
logs = []
batch = None


def report(log):
    logs.append({**log, "timestamp": datetime.now(timezone.utc).isoformat()})
    del logs[:-LOGS_MAX]


def flush():
    global batch
    if batch is None and logs:
        batch = (str(uuid.uuid4()), logs[:])
        logs.clear()
    if batch is None:
        return
    key, items = batch
    if post("/v1/agent-logs", items, {"idempotency-key": key}, timeout=2) is not None:
        batch = None


flushed = time.monotonic()
for n in range(REQUESTS):
    user = f"user-{n % 50}"
    print(f"{user}: {serve(user, 'where is my parcel?')}", flush=True)
    if time.monotonic() - flushed > 1:
        flush()
        flushed = time.monotonic()
    time.sleep(PAUSE_S)
flush()
