"""Writes the counts of a JUnit report in the form that summary.mjs reads: `junit.py REPORT.xml COUNTS.json`."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

report, counts = map(Path, sys.argv[1:])
suites = list(ElementTree.parse(report).iter("testsuite"))
total, failed, skipped = (
    sum(int(suite.get(name, 0)) for name in names for suite in suites) for names in (["tests"], ["failures", "errors"], ["skipped"])
)
counts.write_text(json.dumps({"numPassedTests": total - failed - skipped, "numFailedTests": failed, "numPendingTests": skipped}))
