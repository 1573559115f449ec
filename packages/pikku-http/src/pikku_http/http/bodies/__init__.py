"""What the body of a request may be, beside JSON: forms with files, bytes, streams of bytes."""
