#!/usr/bin/env python3
"""Prints the table of scripts/accuracy from the scores it left in a directory.

The figures of others are tshark 4.0's, and those of a textbook follower that believes every packet arrives,
measured over the same captures with the same scorer.
"""
import json
import os
import sys

# (what, precision, recall) in percent, means over scenarios; None where it has no such verdict.
OTHERS_RUNS = {
    "retransmission @sender": ("tshark", 89.5, 72.7),
    "retransmission @receiver": ("tshark", 79.3, 97.1),
    "retransmission (hole) @receiver": ("tshark", 100, 54.6),
    "spurious @receiver": ("tshark", 85.7, 35.6),
    "spurious @sender": ("tshark", None, 0),
    "endpoint path exact @near": ("textbook", None, 92.7),
    "endpoint path exact @far": ("textbook", None, 90.2),
}
# Pooled over all runs.
OTHERS_RUNS_POOLED = {
    "out_of_order @all": ("tshark", 1.6, 58.3),
    "duplicate @all": ("tshark", None, 0),
    "keepalive @all": ("tshark", 39.3, 100),
    "zero_window_probe @all": ("tshark", None, 0),
}
# Of those with this cause in the sender's capture, how many are named so; tshark has no word for the others.
CAUSES = {
    "fast_retransmission": ("tshark", None, 100 * 19 / 297),
    "rto_retransmission": ("tshark", None, 0),
    "loss_recovery_retransmission": ("tshark", None, 0),
    "tlp": ("tshark", None, 0),
    "syn_retransmission": None,
    "synack_retransmission": None,
}
OTHERS_STACKS = {"spurious @sender": None}
OTHERS_STACKS_POOLED = {
    "duplicate @all": None,
    "out_of_order @all": None,
    "retransmission @sender": ("tshark", 100, 95),
    "retransmission @receiver": ("tshark", 71, 98),
    "spurious @receiver": ("tshark", 76, 65),
    "keepalive @all": ("tshark", 46, 99),
    "zero_window_probe @all": ("tshark", 100, 18),
}


def percent(x, scale=100):
    return "-" if x is None else f"{scale * x:.1f}"


def rows(scores, others, pooled):
    macro = scores.get("macro", {})
    frames = scores.get("frames", {})
    for what in others:
        if what in macro:
            yield what, macro[what], others[what]
    for what in pooled:
        if what in frames:
            yield what + " (pooled)", frames[what], pooled[what]
    if others is OTHERS_STACKS:
        for what in ("endpoint path exact @near", "endpoint path exact @far"):
            if what in macro:
                yield what, macro[what], None


def main():
    out = sys.argv[1]
    sets = [
        ("runs", "Linux at both ends", OTHERS_RUNS, OTHERS_RUNS_POOLED),
        ("stacks", "lwIP or gVisor at one end", OTHERS_STACKS, OTHERS_STACKS_POOLED),
    ]
    print("| percent | flowlint precision | recall | precision of | others | recall |")
    print("|---|---|---|---|---|---|")
    for name, title, others, pooled in sets:
        path = os.path.join(out, name + ".json")
        if not os.path.exists(path):
            continue
        scores = json.load(open(path))
        print(f"| **{title}**, {scores['captures']} captures | | | | | |")
        for what, own, other in rows(scores, others, pooled):
            who, p, r = other or ("", None, None)
            print(
                f"| {what} | {percent(own['precision'])} | {percent(own['recall'])} "
                f"| {who} | {percent(p, 1)} | {percent(r, 1)} |"
            )
        for vantage in ("sender", "receiver"):
            for cause, other in CAUSES.items():
                named = scores.get("cause_confusion", {}).get(f"{vantage}: {cause}", {})
                if not named:
                    continue
                who, p, r = (name == "runs" and vantage == "sender" and other) or ("", None, None)
                own = named.get(cause, 0) / sum(named.values())
                print(f"| cause {cause} @{vantage} | - | {percent(own)} | {who} | - | {percent(r, 1)} |")
        codes = scores.get("findings", {})
        for code, own in sorted(codes.items()):
            print(f"| flow finding {code} | {percent(own['precision'])} | {percent(own['recall'])} | | | |")
        if scores.get("missing_outputs"):
            print(f"\n{scores['missing_outputs']} captures gave no output", file=sys.stderr)


if __name__ == "__main__":
    main()
