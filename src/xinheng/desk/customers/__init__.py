"""The customer file 资信档案: who a customer is.

Code, names, tax id, group, branch, salesperson, currency and terms, found by name, pinyin, initials, code or tax id.
Who a customer belongs to decides who may see it; what it may owe is told by later chapters.
"""
