"""Pictures that are no photographs of things, made by script: what a confidence must tell from photographs."""
