"""What ``create_app`` puts between the faces and the world: errors in words, headers, languages, logs, services."""
