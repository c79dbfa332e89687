"""More than one day: what a watch recorded, held against what was planned.

Takes phases and tempos as values; knows no session, no studio and no settings.
"""
