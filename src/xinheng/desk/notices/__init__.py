"""What people are told of by themselves 通知, and their inbox (OC-008: 并通知销售部、财务部管理人员).

An order is held, goods are stopped, a customer is in breach: whoever the policy names hears of it, each only about
customers they may see.  A notice says what happened, where it can be opened, and stops counting once something newer is
said of the same thing.
"""
