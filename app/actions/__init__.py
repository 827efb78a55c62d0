"""The only writers. One function = one intention = one transaction = its audit lines and announcements."""
