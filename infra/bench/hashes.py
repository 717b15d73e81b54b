"""argon2id at the default cost: the service's own against the C reference implementation, in turn."""

import statistics
import subprocess
import time
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

# New processes, and hashes in each.
PROCESSES = 12
HASHES = 12


def reference() -> float:
    """Milliseconds of one hash by the C reference implementation, memory and all, as its users call it."""
    begun = time.perf_counter()
    hash_secret_raw(
        b"seven lanterns over the bay",
        b"sixteen bytes of",
        time_cost=2,
        memory_cost=19_456,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )
    return (time.perf_counter() - begun) * 1000


def compare(probe: Path) -> dict:
    """Medians, in milliseconds, of the first hash of a process and of those after it."""
    first, later, by_reference = [], [], []
    for _ in range(PROCESSES):
        with subprocess.Popen(
            [probe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        ) as process:
            for number in range(HASHES):
                process.stdin.write("\n")
                process.stdin.flush()
                milliseconds = int(process.stdout.readline()) / 1e6
                (later if number else first).append(milliseconds)
                by_reference.append(reference())
            process.stdin.close()
    return {
        "first": statistics.median(first),
        "later": statistics.median(later),
        "reference": statistics.median(by_reference),
    }
