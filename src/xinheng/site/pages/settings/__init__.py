"""The room of settings 设置: people and what they may do, the trail of what was done, months, calendar, places, rates.

Each page is a door to actions that the chapters and the ground have; nothing is decided here.
"""
