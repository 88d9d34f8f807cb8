"""What differs between structures, with the same luck?"""
