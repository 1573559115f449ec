"""The Celery backend: jobs are Celery's tasks, on a broker that many machines share."""
