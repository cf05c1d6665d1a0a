"""Orders and deliveries as documents 订单与发货.

What was ordered, what left, what came back, and which shipping order let it go.  Whether credit allows it is decided in
``control``.
"""
