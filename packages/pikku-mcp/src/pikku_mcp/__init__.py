"""The MCP transport of Pikku: tools, resources and prompts."""
