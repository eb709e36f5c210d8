#!/usr/bin/env python3
"""The results of one run side by side, and what they should be: ratios.py FOLDER. server.json is ours; bare.json, sqlite.txt and peer-NAME.json are what it is compared with, as far as they are
there. Ends with 1 when something measured is not as it should be."""
import glob, json, os, re, statistics, sys

BARE = {"W2": 0.5, "W3": 0.5, "W7": 0.5, "W4": 0.3, "W5": 0.3, "W9": 0.3}
NOT_GROWING = ("W1", "W2", "W3", "W7", "W8")
PEER, SQLITE, GROWTH, QUERY, MEMORY = 10, 0.5, 1.2, 3, 150


def read(path):
    """The rows that answered rightly, by (workload, calendar size, connections), and the whole."""
    with open(path) as f:
        out = json.load(f)
    good = [r for r in out["rows"] if "skipped" not in r and not r.get("errors") and "WRONG" not in r.get("check", "")]
    return {(r["w"].split("@")[0], r["n"], r["conns"]): r for r in good}, out


def rates(path):
    rows, out = read(path)
    return out["label"], {key: row["rps"] for key, row in rows.items()}


def table(ours, label, others, peers):
    print(f"\n### Requests a second, and {label} as a multiple\n")
    head = ["W", "N", "connections", label] + [name for name, _ in others] + (["of the fastest peer"] if peers else [])
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for key in ours:
        cells = [(f"{rate[key]:g} ({ours[key] / rate[key]:.2f})" if rate.get(key) else "") for _, rate in others]
        fastest = max((rate.get(key) or 0 for _, rate in peers), default=0)
        if peers:
            cells.append(f"{ours[key] / fastest:.1f}" if fastest else "")
        print(f"| {key[0]} | {key[1]} | {key[2]} | {ours[key]:g} | " + " | ".join(cells) + " |")


def targets(rows, out, bare, sqlite, peers):
    """What is asked of the largest calendar, as (sentence, value, whether it is met)."""
    ours = {key: row["rps"] for key, row in rows.items()}
    large = max(key[1] for key in ours)
    small = min((key[1] for key in ours if key[1]), default=large)
    for key, rate in ours.items():
        fastest = max((other.get(key) or 0 for _, other in peers), default=0)
        if fastest and key[1] in (0, large):
            yield f"{key[0]} at {key[2]} connections, of the fastest peer", rate / fastest, rate >= PEER * fastest
        if bare.get(key) and key[0] in BARE and key[1] == large:
            yield f"{key[0]} of bare Kestrel (at least {BARE[key[0]]})", rate / bare[key], rate >= BARE[key[0]] * bare[key]
        if sqlite.get(key):
            yield f"{key[0]} at N = {key[1]} of SQLite alone (at least {SQLITE})", rate / sqlite[key], rate >= SQLITE * sqlite[key]
        few = ours.get((key[0], small, key[2]))
        if few and key[0] in NOT_GROWING and key[1] == large > small:
            yield f"{key[0]}, a request at N = {small} to one at {large} (at most {GROWTH})", few / rate, few <= GROWTH * rate
    multiget, query = rows.get(("W5", large, 4)), rows.get(("W6", large, 4))
    if multiget and query:
        events = statistics.mean(int(n) for n in re.search(r"\[([\d, ]+)\]", query["check"])[1].split(","))
        times = multiget["rps"] * 50 / (query["rps"] * events)
        yield f"W6 for a returned event, of W5 (at most {QUERY})", times, times <= QUERY
    for when in (f"seeded_{large}", f"after_{large}", "peak"):
        if when in out.get("memory", {}):
            size = out["memory"][when]["pss_mb"]
            yield f"memory {when}, MB" + ("" if when == "peak" else f" (at most {MEMORY})"), size, when == "peak" or size <= MEMORY


def main(folder):
    rows, out = read(os.path.join(folder, "server.json"))
    ours = {key: row["rps"] for key, row in rows.items()}
    bare = rates(os.path.join(folder, "bare.json"))[1] if os.path.exists(os.path.join(folder, "bare.json")) else {}
    sqlite = {}
    if os.path.exists(alone := os.path.join(folder, "sqlite.txt")):
        with open(alone) as f:
            rate = {w: float(value) for w, value in (line.split() for line in f)}
        sqlite = {key: rate[key[0]] for key in ours if key[0] in rate and key[2] == 16}
    peers = [rates(path) for path in sorted(glob.glob(os.path.join(folder, "peer-*.json")))]
    table(ours, out["label"], [("bare Kestrel", bare), ("SQLite alone", sqlite)] + peers, peers)
    print("\n### What it should be\n\n| What | Measured | |\n|---|---|---|")
    missed = 0
    for what, value, met in targets(rows, out, bare, sqlite, peers):
        missed += not met
        print(f"| {what} | {value:.2f} | {'met' if met else 'MISSED'} |")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
