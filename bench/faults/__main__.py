"""`python -m bench.faults`: play the campaign, or one run of it again."""

import argparse
import json
import logging
import sys
import time
from collections.abc import Sequence

from bench.faults.campaign import FIGURES, Order, Sums, campaign, replay
from bench.faults.plots import STAGES


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when anything was doubled, lost, unexplained, not journaled or hung."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.ERROR)
    if args.replay:
        seed, provider, index = args.replay.split(":")
        outcome = replay(int(seed), provider, int(index), forget=args.no_journal)
        print(json.dumps(outcome.told(), ensure_ascii=False, indent=2))
        if args.verbose:
            print("\n".join(outcome.story))
        return 0 if outcome.verdict.clean else 1
    order = Order(
        providers=tuple(args.provider or STAGES),
        runs=args.runs, seed=args.seed, workers=args.workers, forget=args.no_journal,
    )  # fmt: skip
    began = time.monotonic()
    sums = campaign(order, progress=sys.stderr.isatty())
    for told in sums.wrong:
        print(f"{told['replay']}  {told['deed']}, {', '.join(told['struck'])}: {'; '.join(told['wrong'])}")
    if args.json:
        print(json.dumps(sums.told(), ensure_ascii=False))
    else:
        _print(sums, time.monotonic() - began)
    return 1 if sums.wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.faults",
        description="Writes under faults of platform, process and person, judged from the sandbox's database.",
    )
    parser.add_argument("--runs", type=int, default=50, help="of each provider")
    parser.add_argument(
        "--provider", action="append", choices=list(STAGES), help="may be given several times; else all"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="worker processes")
    parser.add_argument("--no-journal", action="store_true", help="forget what was sent: this must show duplicates")
    parser.add_argument("--json", action="store_true", help="the last line is one object with all figures")
    parser.add_argument("--replay", metavar="SEED:PROVIDER:INDEX", help="one run again")
    parser.add_argument("--verbose", action="store_true", help="with --replay: its whole story")
    return parser


def _print(sums: Sums, seconds: float) -> None:
    print(f"{'provider':16}{'runs':>8}" + "".join(f"{name:>13}" for name in FIGURES))
    for provider, counts in sums.providers.items():
        print(f"{provider:16}{counts['runs']:8}" + "".join(f"{counts[name]:13}" for name in FIGURES))
    print(f"{'all':16}{sums.runs:8}" + "".join(f"{sums.figures[name]:13}" for name in FIGURES))
    for title, counts in (("struck", sums.faults), ("last answers", sums.outcomes)):
        print(f"{title}: " + ", ".join(f"{name} {number}" for name, number in counts.most_common()))
    print(f"{seconds:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
