"""Does a finding hold under every assumption that fits what is known, and what does it hang on?"""
