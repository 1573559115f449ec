"""The queue transport of Pikku: workers and schedules."""
