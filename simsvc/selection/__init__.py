"""Which structure is best, with a guaranteed probability?"""
