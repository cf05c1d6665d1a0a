"""Every role of the demo company has a sign-in, and every salesperson a supervisor."""

from xinheng.exchange import demo
from xinheng.exchange.demo import people

ROLES = {
    "SALESPERSON",
    "SALES_SUPERVISOR",
    "SALES_MANAGER",
    "SALES_DIRECTOR",
    "FINANCE_MANAGER",
    "FINANCE_DIRECTOR",
    "GENERAL_MANAGER",
    "CREDIT_ADMINISTRATOR",
    "CREDIT_CHECKER",
    "SETTLEMENT_CLERK",
    "WAREHOUSE",
    "AUDITOR",
    "ADMINISTRATOR",
}


def test_one_person_of_every_role_can_sign_in():
    assert {person.role for person in demo.sign_ins()} == ROLES
    assert len(demo.sign_ins()) == len(ROLES)


def test_user_names_and_codes_are_used_once_and_both_names_are_there():
    assert len({person.username for person in demo.STAFF}) == len(demo.STAFF)
    codes = [person.code for person in demo.STAFF if person.code]
    assert len(codes) == len(set(codes)) == 9
    assert all(person.name_zh and person.name_en and person.branch in demo.BRANCHES for person in demo.STAFF)


def test_supervisors_exist_and_work_in_the_branch_of_their_team():
    by_name = {person.username: person for person in demo.STAFF}
    assert all(person.supervisor in {"", *by_name} for person in demo.STAFF)
    supervisors = [person for person in demo.STAFF if person.role == "SALES_SUPERVISOR"]
    assert [len(demo.team_of(person.username)) for person in supervisors] == [3, 3, 3]
    for supervisor in supervisors:
        assert {member.branch for member in demo.team_of(supervisor.username)} == {supervisor.branch}


def test_nobody_is_above_himself():
    by_name = {person.username: person for person in demo.STAFF}
    for person in demo.STAFF:
        seen, above = {person.username}, person.supervisor
        while above:
            assert above not in seen
            seen.add(above)
            above = by_name[above].supervisor


def test_a_country_nobody_names_belongs_to_the_rest_of_the_world():
    assert people.overseas_salesperson("EIRE") == "S07"
    assert people.overseas_salesperson("Germany") == "S08"
    assert people.overseas_salesperson("Brazil") == people.REST_OF_THE_WORLD
