"""What a WSGI server loads. Import it after gevent's patch, never before (gunicorn.conf.py sees to that)."""

from app import create_app

app = create_app()
