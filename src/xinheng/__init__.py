"""Xinheng 信衡: whom to trust with credit, how much and for how long, order by order, until the money is home."""
