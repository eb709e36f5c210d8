#!/usr/bin/env python3
"""The results of one run side by side: ratios.py FOLDER. server.json is ours; bare.json, sqlite.txt and peer-NAME.json are what it is compared with, as far as they are there."""
import glob, json, os, sys


def read(path):
    """Requests a second by (workload, calendar size, connections), and the label."""
    with open(path) as f:
        out = json.load(f)
    return {(r["w"], r["n"], r["conns"]): r["rps"] for r in out["rows"] if "skipped" not in r}, out["label"]


def main(folder):
    ours, label = read(os.path.join(folder, "server.json"))
    others = []
    for path in [os.path.join(folder, "bare.json")] + sorted(glob.glob(os.path.join(folder, "peer-*.json"))):
        if os.path.exists(path):
            others.append(read(path)[::-1])
    alone = os.path.join(folder, "sqlite.txt")
    if os.path.exists(alone):
        with open(alone) as f:
            rates = {w: float(rate) for w, rate in (line.split() for line in f)}
        others.append(("SQLite alone", {key: rates[key[0]] for key in ours if key[0] in rates and key[2] == 16}))
    if not others:
        return
    peers = [name for name, _ in others if name not in ("SQLite alone",) and not name.startswith("bare")]
    print(f"\n### Requests a second, and {label} as a multiple\n")
    head = ["W", "N", "connections", label] + [name for name, _ in others] + (["of the fastest peer"] if peers else [])
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for key in ours:
        cells, fastest = [], 0
        for name, rates in others:
            rate = rates.get(key)
            cells.append("" if not rate else f"{rate:g} ({ours[key] / rate:.2f})")
            if name in peers:
                fastest = max(fastest, rate or 0)
        if peers:
            cells.append(f"{ours[key] / fastest:.1f}" if fastest else "")
        print(f"| {key[0]} | {key[1]} | {key[2]} | {ours[key]:g} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main(sys.argv[1])
