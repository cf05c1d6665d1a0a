"""The rooms of the API, in the order in which its documentation shows them.

A deed on something comes before the thing itself: a number or code may hold anything, slashes as well.
"""

from xinheng.base.api import jobs, policy
from xinheng.desk.cash import api as cash
from xinheng.desk.control.api import ROOMS as CONTROL
from xinheng.desk.customers import api as customers
from xinheng.desk.exposure import api as exposure
from xinheng.desk.receivables.api import ROOMS as RECEIVABLES
from xinheng.exchange import api as files

ROOMS = (*CONTROL, *RECEIVABLES, cash.room, exposure.room, customers.room, files.room, jobs.room, policy.room)
