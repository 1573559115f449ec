"""`python -m pikku_cli`, the same as `pikku`."""

from __future__ import annotations

from pikku_cli.main import main

if __name__ == "__main__":
    main()
