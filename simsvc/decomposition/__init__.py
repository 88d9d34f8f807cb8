"""Which part of turning the chart does the work?"""
