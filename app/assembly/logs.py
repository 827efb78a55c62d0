"""Logs as JSON lines through structlog. Never a message's text, a token, or a customer's name."""

import logging
import sys

import structlog
from flask import Flask

_SHARED = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def set_up(app: Flask, level: str) -> None:
    """Our loggers write JSON to standard error; done once, and left alone in a process that has its own handlers."""
    logger = logging.getLogger("app")
    logger.setLevel(level.upper())
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=_SHARED,
        )
    )
    logger.addHandler(handler)
    logger.propagate = False
    app.logger.handlers = logger.handlers
