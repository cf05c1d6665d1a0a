"""Every list of the house looks and works alike: cards on a phone, rows that open, heads that say how they sort."""

from xinheng.base.tables import Table
from xinheng.desk.control import tables as control
from xinheng.desk.customers import tables as customers
from xinheng.site.pages import movements


def kinds(table):
    for one in table.__subclasses__():
        yield one
        yield from kinds(one)


def test_a_table_that_states_no_options_has_those_of_the_house():
    found = set(kinds(Table))
    assert found >= {control.OrderTable, control.UnlinkedTable, customers.CustomerTable, movements.MovementTable}
    for table in found:
        assert (table._meta.template_name, table._meta.attrs["class"]) == ("base/table.html", "table list"), table
