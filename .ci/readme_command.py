"""Print the README's n-th shell block, so that what is run is what newcomers are told to run."""

import re
import sys
from pathlib import Path

readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
blocks = re.findall(r"^```sh\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
print(blocks[int(sys.argv[1]) - 1], end="")
