"""The commands of queues: `pikku worker`, `pikku queue`."""
