"""``init`` founds empty books; ``demo`` fills them with the demo company."""

import sys

import click

from xinheng.site import demo as demo_company
from xinheng.site import founding
from xinheng.site.commands.common import actor, answered, as_json, write_json


@click.command()
@click.option("--currency", default="CNY", show_default=True, help="The company's currency. 公司本位币。")
@click.option("--name", default="", help="The company's name. 公司名称。")
@as_json
@answered
def init(currency: str, name: str, json_: bool) -> None:
    """Found the books; safe to repeat. 建账;可重复执行。"""
    company = founding.found(currency=currency.upper(), name=name)
    if json_:
        write_json({"company": company.name, "currency": company.currency})
    else:
        click.echo(f"{company.name} · {company.currency}")


@click.command()
@click.option("--today", default="", help="The business date inside the data. 数据之内的业务日期。")
@answered
def demo(today: str) -> None:
    """Fill empty books with the demo company: real invoices, the rest simulated.

    在空账本中载入演示公司:发票为真实数据,其余为模拟数据。
    """
    actor()
    demo_company.load(today=today, say=lambda line: click.echo(line, err=True))
    sys.stdout.flush()
