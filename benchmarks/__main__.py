"""`make bench`: measure a desk of few and one of many tickets, and write the tables in `docs/performance.md`."""

import argparse

from benchmarks.engine import engines


def main() -> None:
    """Fill, measure, say, write."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--few", type=int, default=10_000, help="Tickets of the small desk.")
    parser.add_argument("--many", type=int, default=200_000, help="Tickets of the large one.")
    parser.add_argument("--times", type=int, default=60, help="How often each page is asked for.")
    parser.add_argument("--only", default="", help="Only cases with these words in their group or name.")
    parser.add_argument("--write", action="store_true", help="Put the tables into docs/performance.md.")
    given = parser.parse_args()
    with engines():
        # Before, Django is not set up.
        from benchmarks import report

        report.make(given)


if __name__ == "__main__":
    main()
