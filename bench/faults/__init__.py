"""The campaign of faults: thousands of seeded runs in which a platform, a process or a person fails in the middle of a write.

`python -m bench.faults --help` tells how to run it; `docs/faults.md` what it proves.
"""
