"""What a report is made of: one self-contained HTML page."""
