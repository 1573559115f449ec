"""The `http` kind: functions behind routes."""
