"""The world of the demo: a support desk for Almanac, a product by which houses plan rooms, visits, people and routes.

`people` and `places` say who there is, `stories/` what happened (the form of the files is told in `script`), `plan`
when, and `stage` plays it: all by the actions, with the clock moved, in the order of time.
"""
