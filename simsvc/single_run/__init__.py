"""How does one organisation fare?"""
