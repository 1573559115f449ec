"""What commands print: tables and colours on a terminal, plain lines otherwise."""
