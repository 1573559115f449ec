"""The keys of `[tool.pikku.mcp]`."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import Setting

SETTINGS: Final = (
    Setting(
        name="mcp.allowed_hosts",
        type="list[str]",
        default=(),
        help="Names under which clients may reach the server beside those of this machine: mcp.example.com, example.com:*.",
    ),
    Setting(
        name="mcp.allowed_origins",
        type="list[str]",
        default=(),
        help="Origins of web pages that may call, beside those of this machine: https://app.example.com.",
    ),
    Setting(
        name="mcp.auth",
        type="str",
        default="optional",
        choices=("optional", "required"),
        help="Whether each request over HTTP must come with a session: else 401.",
    ),
    Setting(
        name="mcp.authorization_servers",
        type="list[str]",
        default=(),
        help="Issuers of tokens, for the metadata that clients read to log in (RFC 9728).",
    ),
    Setting(
        name="mcp.name",
        type="str",
        default="",
        help="What clients are told that the server is called; empty: the name of the project.",
    ),
    Setting(
        name="mcp.page_size",
        type="int",
        default=0,
        help="How many tools, resources or prompts one answer lists; 0: all of them.",
        check="pikku_mcp.setting_checks:not_negative",
    ),
    Setting(
        name="mcp.path",
        type="str",
        default="/mcp",
        help="Where the server is, on that of HTTP.",
        check="pikku_mcp.setting_checks:path",
    ),
    Setting(
        name="mcp.resource",
        type="str",
        default="",
        help="The URL by which clients reach the server, for the metadata; empty: as each request says.",
        check="pikku_mcp.setting_checks:url",
    ),
)
