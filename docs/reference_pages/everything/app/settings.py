"""What the environment says: a secret, and a variable that has a default."""

from __future__ import annotations

from pikku_core import define_secret, define_variable

define_secret("mail_key", str, description="The key of the mail server.")
define_variable("page_size", int, default=20)
