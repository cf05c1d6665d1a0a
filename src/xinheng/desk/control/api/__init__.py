"""Control over HTTP: orders and their checks, goods that leave, decisions, breaches, credit lines and holds."""

from xinheng.desk.control.api import breaches, credit, decisions, goods, invoices, orders

#: Deeds on an order come before the order itself: its number may hold anything, slashes as well.
ROOMS = (goods.room, orders.room, decisions.room, breaches.room, credit.room, invoices.room)
