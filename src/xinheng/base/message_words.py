"""The words of messages: a sentence for each error code, and what documents, states and events are called in them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

WORDS: dict[str, str | Promise] = {
    "FAILED": gettext_lazy("It could not be done."),
    "BAD_INPUT": gettext_lazy("The input cannot be used. Correct it and try again."),
    "UNKNOWN": gettext_lazy("Nobody knows %(what)s “%(number)s”. Check the number or enter it first."),
    "AMBIGUOUS": gettext_lazy("Several entities know %(what)s “%(number)s”: %(choices)s. Say which one with --entity."),
    "PERMISSION_DENIED": gettext_lazy("You lack the right “%(right)s”. It belongs to: %(who)s."),
    "SAME_PERSON": gettext_lazy(
        "You already stand on the other side of %(what)s “%(number)s”. Somebody else has to do this."
    ),
    "LOCK_TIMEOUT": gettext_lazy("Somebody else is working on this account. Nothing was written; try again."),
    "WRONG_STATE": gettext_lazy("%(what)s “%(number)s” is %(state)s, so this cannot be done with it."),
    "CONFLICT": gettext_lazy("%(what)s “%(number)s” exists already; look at it, or take another number."),
    "CHANGED_SINCE_SHOWN": gettext_lazy(
        "%(what)s “%(number)s” was changed since you opened this page. Below stands what is there now; send it once "
        "more if what you typed shall count."
    ),
    "SENT_ALREADY": gettext_lazy("This form was taken already; it counts once."),
    "BAD_POLICY": gettext_lazy("The policy document has mistakes:%(problems)s"),
    "POLICY_MOVED": gettext_lazy(
        "The policy has moved on to version %(version)s meanwhile. Look at what changed, then propose again."
    ),
    "BAD_TAX_ID": gettext_lazy("The tax id “%(value)s” has a wrong check digit or form."),
    "UNKNOWN_CURRENCY": gettext_lazy("“%(currency)s” is not a currency code of ISO 4217."),
    "BAD_ADDRESS": gettext_lazy("The address holds a character that nobody can type, in: %(names)s."),
    "MISREAD": gettext_lazy("The filters were not understood, so no rows are shown. %(said)s"),
    "VIEW_NAME_MISSING": gettext_lazy("Give the view a name of at most %(most)s characters."),
    "NOT_YOUR_ROLE": gettext_lazy("A view is shared with a role that you have yourself, not with “%(role)s”."),
    "VIEW_TOO_LONG": gettext_lazy("So many filters cannot be kept under a name. Take some away."),
    "ALREADY_BEGUN": gettext_lazy("A company stands in these books already. Sign in, or begin another one elsewhere."),
    "NO_ADMINISTRATOR": gettext_lazy(
        "One of the first people has to be the administrator: who else would let others in?"
    ),
    "NO_COMPANY_NAME": gettext_lazy("Say what the company is called."),
    "UNKNOWN_TIME_ZONE": gettext_lazy("“%(value)s” is not a time zone. Write one such as Asia/Shanghai."),
    "NOT_FOUNDED": gettext_lazy("There are no books here yet. Run “xinheng init” first."),
    "NOT_RELEASABLE": gettext_lazy("Order “%(number)s” cannot be released while this stands: %(said)s."),
    "STILL_HELD": gettext_lazy("“%(number)s” may not go ahead: %(said)s."),
    "SIGNED_ALREADY": gettext_lazy("You have signed %(what)s “%(number)s” already. Somebody else has to sign now."),
    "ASKED_ALREADY": gettext_lazy(
        "You have asked for the release of order “%(number)s” already; nothing has changed since."
    ),
    "BAD_SHIPPING_ORDER": gettext_lazy("Shipping order “%(token)s” does not let these goods go: %(why)s."),
    "REASON_MISSING": gettext_lazy("Say why: the reason is kept with your signature."),
    "NOTHING_STATED": gettext_lazy("Say what is to be different about order “%(number)s”; an amount is above zero."),
    "UNKNOWN_INSTRUMENT": gettext_lazy("“%(value)s” is not a means of payment. There are: %(known)s."),
    "BAD_TOKEN": gettext_lazy("The token is unknown, has expired or was ended. Ask the administrator for another."),
    "BAD_DAYS": gettext_lazy("A token cannot be good for %(days)s days. Write a number from 0 to a few thousand."),
    "EXPORT_GONE": gettext_lazy(
        "The file of job %(number)s is not here any more: it is kept for %(days)s days. Export again."
    ),
    "EXPORT_RIGHTS_CHANGED": gettext_lazy(
        "What you may see has changed since the file of job %(number)s was made. Export the list again."
    ),
    "FILE_ABSENT": gettext_lazy("The file “%(path)s” cannot be read. Check its name and rights."),
    "BAD_DATE": gettext_lazy("“%(value)s” is not a date. Write it as 2026-11-24."),
    "BAD_PERIOD": gettext_lazy("A period from %(since)s to %(until)s ends before it begins. Exchange the two days."),
    "BAD_MONTH": gettext_lazy("“%(value)s” is not a month. Write it as 2026-11."),
    "MONTHS_BEFORE": gettext_lazy(
        "Month %(number)s cannot be closed before these, which are still open: %(months)s. Close them first, or choose "
        "to close the earlier ones as well (--with-earlier)."
    ),
    "NOT_CLOSED": gettext_lazy("Month “%(number)s” has not been closed, so it has no month-end list."),
    "CLOSED_WITHOUT_LIST": gettext_lazy(
        "Month “%(number)s” lies before the first month that was closed, so it has no month-end list."
    ),
    "BAD_AMOUNT": gettext_lazy("“%(value)s” is not an amount in %(currency)s. Write it as 1234.56."),
    "NOT_ABOVE_ZERO": gettext_lazy("The amount must be above zero; “%(value)s” is not."),
    "BELOW_ZERO": gettext_lazy("The amount must not be below zero; “%(value)s” is."),
    "BAD_NUMBER": gettext_lazy("“%(value)s” is not a number for a document: 1 to %(length)s printable characters."),
    "BAD_BACKUP": gettext_lazy("“%(path)s” is not a backup of these books, or it is damaged."),
    "BACKUP_TOO_NEW": gettext_lazy(
        "“%(path)s” was written by Xinheng %(version)s, which is newer than this one. Install that version first."
    ),
    "NOT_EMPTY": gettext_lazy("There are books here already. Restore into an empty XINHENG_HOME or database."),
    "FILE_NOT_WRITTEN": gettext_lazy("“%(path)s” cannot be written: %(said)s. Check the folder, its rights, its room."),
    "PROGRAM_FAILED": gettext_lazy("%(program)s did not do it: %(said)s"),
    "PORT_IN_USE": gettext_lazy("%(address)s is taken by another program. Choose another port with --port."),
    "ADDRESS_REFUSED": gettext_lazy("This machine cannot listen at %(address)s: %(said)s"),
    "NOT_AWAITED": gettext_lazy(
        "No due day of %(what)s “%(number)s” counts from the %(event)s: its term is %(term)s, or its day was stated."
    ),
    "NOT_YET": gettext_lazy("%(on)s has not come yet; today is %(today)s."),
    "BEFORE_DOCUMENT": gettext_lazy("%(on)s lies before %(what)s “%(number)s” of %(since)s."),
    "OTHER_DAY": gettext_lazy(
        "The %(event)s of %(what)s “%(number)s” is recorded for %(on)s already. If that is wrong, take it back first."
    ),
    "NOT_SAID": gettext_lazy("No day of the %(event)s is recorded for %(what)s “%(number)s” itself."),
    "OTHER_ENTITY": gettext_lazy(
        "“%(number)s” was paid to entity %(entity)s, “%(invoice)s” is owed to another. Money of one entity does not "
        "pay an invoice of another: settle one of %(entity)s with it, or refund it and have the right entity paid."
    ),
    "NO_EXACT_MATCH": gettext_lazy(
        "What is left of “%(number)s” is not exactly what some open items come to: %(match)s. Choose them by hand."
    ),
    "NOTHING_OPEN": gettext_lazy(
        "Customer “%(number)s” owes entity %(entity)s nothing in %(currency)s; the money stays unapplied."
    ),
    "NOTHING_CHOSEN": gettext_lazy("No amount is written at any item. Write how much of which is to be settled."),
    "HAS_ALLOCATIONS": gettext_lazy("%(what)s “%(number)s” is settled in part. Undo its allocations first."),
    "BATCH_IN_USE": gettext_lazy("Batch %(number)s cannot be undone: later entries depend on it: %(reasons)s."),
    "UNKNOWN_TERM": gettext_lazy("“%(term)s” is not a term. Write it as 30D, 月结30 or 30%%@0D+70%%@60D."),
    "UNKNOWN_ROLE": gettext_lazy("The policy in force knows no role “%(role)s”."),
    "NO_PASSWORD": gettext_lazy("There is no password. Name it with --password, or write it to standard input."),
    "CODE_TAKEN": gettext_lazy(
        "Salesperson's code %(number)s is borne by “%(who)s” already. Choose another, or leave it out."
    ),
    "OWN_SEAT": gettext_lazy(
        "Nobody changes their own roles or shuts themselves out. Somebody else who manages users has to do this."
    ),
    "CONSOLE_STAYS": gettext_lazy("“%(number)s” acts for the server itself: it is not changed and not shut out."),
    "NO_SUCH_LANGUAGE": gettext_lazy("“%(value)s” is not a language of these pages: zh-hans or en."),
    "BAD_CODE": gettext_lazy("“%(value)s” cannot be a code or a name: it is empty, too long, or cannot be printed."),
    "WEAK_PASSWORD": gettext_lazy("The password is too weak. %(problems)s"),
    "JOB_WORKER_LOST": gettext_lazy(
        "The work was begun %(times)s times and its worker ended each time. See the log of the worker, then begin it "
        "again."
    ),
    "BAD_LINE": gettext_lazy(
        "The credit line cannot be set like that (%(field)s). An amount needs a number, a temporary increase and "
        "initial stock need their last day, and it cannot end before it begins."
    ),
    "BAD_STATUS": gettext_lazy("“%(value)s” is no status of a customer: ACTIVE or INACTIVE."),
    "BAD_RATE": gettext_lazy("“%(value)s” is not a rate between two currencies."),
    "MORE_THAN_OPEN": gettext_lazy("More is asked for than is open on “%(number)s”."),
    "BAD_DEMO_DAY": gettext_lazy("“%(value)s” lies outside the demo company's data."),
    "BAD_BOUNDS": gettext_lazy(
        "“%(bounds)s” makes no buckets. Write rising days, 30,60,90, or months, 1M,2M,3M; at most twelve."
    ),
    "DATE_OUT_OF_RANGE": gettext_lazy("This day lies outside the calendar that can be counted with."),
    "VERIFY_FAILED": gettext_lazy("The books differ from what their movements say."),
    "FILE_BAD": gettext_lazy("The file “%(path)s” cannot be used."),
    "FILE_NOT_A_FILE": gettext_lazy("“%(path)s” is a directory or a device, not a file."),
    "FILE_EMPTY": gettext_lazy("The file “%(path)s” is empty."),
    "FILE_TOO_LARGE": gettext_lazy(
        "“%(path)s” is too large: %(size)s MB, at most %(most)s MB are read. Divide the file."
    ),
    "FILE_FAR_CELL": gettext_lazy(
        "The sheet in “%(path)s” reaches over %(rows)s rows and %(columns)s columns. "
        "Delete what stands far from the table."
    ),
    "FILE_NOT_A_TABLE": gettext_lazy("“%(path)s” is no table (%(what)s). Save it as .xlsx or CSV and try again."),
    "FILE_DAMAGED": gettext_lazy("“%(path)s” is damaged: %(details)s. Open it in Excel and save it again."),
    "FILE_ENCRYPTED": gettext_lazy("“%(path)s” has a password. Save it without one and try again."),
    "FILE_NO_SUCH_SHEET": gettext_lazy("“%(path)s” has no sheet “%(sheet)s” to be seen. Its sheets: %(sheets)s."),
    "FILE_ENCODING_NAME": gettext_lazy("Nobody knows the encoding “%(encoding)s”. Choose one of: %(choices)s."),
    "FILE_ENCODING_UNCLEAR": gettext_lazy(
        "It cannot be told in which encoding “%(path)s” is written. Line %(line)s reads: %(readings)s. Say "
        "which one with --encoding, or save the file as UTF-8."
    ),
    "FILE_ENCODING_BROKEN": gettext_lazy(
        "Line %(line)s of “%(path)s” is not in %(encoding)s like the rest. Correct it, or say the encoding "
        "with --encoding."
    ),
    "FILE_DELIMITER_BAD": gettext_lazy("Cells cannot be divided by “%(delimiter)s”. Choose one of: %(choices)s."),
    "FILE_DELIMITER_UNCLEAR": gettext_lazy(
        "The headings of “%(path)s” can be divided in several ways: %(delimiters)s. Say which one with --delimiter."
    ),
    "FILE_NO_HEADINGS": gettext_lazy("Line %(line)s of “%(path)s” should hold the headings but says: %(found)s"),
    "FILE_HEADING_BAD": gettext_lazy(
        "The headings in line %(line)s of “%(path)s” hold control characters, broken quotes or an endless text."
    ),
    "FILE_HEADINGS_MERGED": gettext_lazy(
        "Row %(line)s of “%(path)s” is a title or has merged headings. Leave one row of headings above the "
        "rows and remove titles."
    ),
    "FILE_TOO_MANY_COLUMNS": gettext_lazy("“%(path)s” has %(found)s columns; at most %(most)s are read."),
    "FILE_NO_ROWS": gettext_lazy("“%(path)s” has headings and no rows below them."),
    "FILE_UNCLOSED_QUOTE": gettext_lazy("A quotation mark opens in line %(line)s of “%(path)s” and never closes."),
    "FILE_ENDLESS_LINE": gettext_lazy(
        "Line %(line)s of “%(path)s” is longer than %(most)s characters, so it is no row."
    ),
    "FILE_CHANGED": gettext_lazy("“%(path)s” was changed while it was read. Import it again."),
    "ROW_TOO_SHORT": gettext_lazy(
        "The row has %(found)s cells, the headings are %(expected)s. A cell or a delimiter is missing."
    ),
    "ROW_TOO_LONG": gettext_lazy(
        "The row has more cells (%(found)s) than there are headings (%(expected)s). A delimiter inside a "
        "text or amount needs quotation marks."
    ),
    "ROW_QUOTES": gettext_lazy(
        "The quotation marks of the row do not fit together. A quotation mark inside a quoted text is written twice."
    ),
    "ROW_HIDDEN": gettext_lazy("The row is hidden in the workbook. Show all rows, or delete it."),
    "CELL_TOO_LONG": gettext_lazy("The text is longer than %(most)s characters."),
    "CELL_CONTROL": gettext_lazy("The text holds a line break or another character that cannot be seen. Remove it."),
    "CELL_ERROR": gettext_lazy("The cell is an error of the spreadsheet, not a value."),
    "CELL_FORMULA": gettext_lazy(
        "The cell is a formula that has not been worked out. Open the file in Excel, save it and try again."
    ),
    "CELL_MERGED": gettext_lazy(
        "The cell is merged with others, so its value stands only once. Split the cells and fill in each."
    ),
    "CELL_DIGITS_LOST": gettext_lazy(
        "Excel keeps only %(digits)s digits of a number, so the last ones are lost. Format the column as "
        "text and enter the number again."
    ),
    "HEADING_TWICE": gettext_lazy("The heading “%(heading)s” stands over columns %(columns)s. Rename or remove one."),
    "HEADING_SAME_FIELD": gettext_lazy(
        "Several headings mean “%(field)s”: %(headings)s. Say which one with --map %(field)s=heading."
    ),
    "HEADING_ABSENT": gettext_lazy(
        "The mapping names “%(heading)s” for “%(field)s”, but the file has only: %(found)s."
    ),
    "FIELD_UNKNOWN": gettext_lazy("Files of the kind “%(kind)s” have no field “%(field)s”. Their fields: %(fields)s."),
    "COLUMN_MISSING": gettext_lazy(
        "Columns are missing: %(fields)s. Known headings are %(known)s; the file has: %(found)s. Others can "
        "be named with --map field=heading."
    ),
    "HEADING_UNKNOWN": gettext_lazy("Nobody knows the heading “%(heading)s”; its column is left out."),
    "HEADING_FLAG": gettext_lazy(
        "The column “%(heading)s” decides what a row means, but only says yes or no. Write the status in "
        "words, void or red, in a column “%(field)s”."
    ),
    "DATE_BAD": gettext_lazy("“%(date)s” is not a date."),
    "DATE_EMPTY": gettext_lazy("The date is missing."),
    "DATE_UNREADABLE": gettext_lazy(
        "“%(date)s” cannot be read as a date. Write it as 2026-11-24, or name the format with --date-format."
    ),
    "DATE_NO_SUCH_DAY": gettext_lazy("There is no day “%(date)s” in the calendar."),
    "DATE_YEAR": gettext_lazy("The year of “%(date)s” is before %(first)s."),
    "DATE_SHORT_YEAR": gettext_lazy("The year of “%(date)s” has two digits. Write all four."),
    "DATE_AMBIGUOUS": gettext_lazy(
        "“%(date)s” can be read as %(readings)s. Say what comes first with --date-format DMY or MDY."
    ),
    "DATE_SERIAL": gettext_lazy("“%(date)s” is the number by which Excel keeps %(day)s. Format the column as dates."),
    "DATE_FORMAT": gettext_lazy(
        "“%(format)s” is no date format. Write DMY, MDY, YMD, or a pattern with year, month and day such as dd/mm/yyyy."
    ),
    "AMOUNT_BAD": gettext_lazy("“%(amount)s” is not an amount."),
    "AMOUNT_EMPTY": gettext_lazy("The amount is missing."),
    "AMOUNT_UNREADABLE": gettext_lazy("“%(amount)s” cannot be read as an amount. Write it as 1234.56."),
    "AMOUNT_AMBIGUOUS": gettext_lazy(
        "“%(amount)s” can be read as two different amounts. Write it as 1234.56, with a point before the decimals."
    ),
    "AMOUNT_NOT_FINITE": gettext_lazy("“%(amount)s” is not a number."),
    "AMOUNT_EXPONENT": gettext_lazy(
        "“%(amount)s” has an exponent, so some program has rounded it. Write out the amount."
    ),
    "AMOUNT_FORMULA": gettext_lazy("“%(amount)s” is a formula. Write its value."),
    "AMOUNT_SIGN": gettext_lazy(
        "“%(amount)s” has the sign “%(sign)s”, which does not belong to the currency “%(currency)s”."
    ),
    "AMOUNT_TOO_MANY_DECIMALS": gettext_lazy(
        "“%(amount)s” has more decimals than its currency, which has %(decimals)s."
    ),
    "AMOUNT_TOO_LARGE": gettext_lazy("“%(amount)s” is larger than any amount that is kept."),
    "RATE_BAD": gettext_lazy("“%(rate)s” is not an exchange rate. It must be a number above zero."),
}
#: What an error is about, and in which state that is: codes by the words people use.
WHATS: dict[str, Promise] = {
    "job": pgettext_lazy("what", "job"),
    "list": pgettext_lazy("what", "list"),
    "view": pgettext_lazy("what", "view of a list"),
    "order": pgettext_lazy("what", "order"),
    "order_change": pgettext_lazy("what", "change of an order"),
    "order_close": pgettext_lazy("what", "closing of an order"),
    "delivery": pgettext_lazy("what", "delivery"),
    "delivery_close": pgettext_lazy("what", "closing of a delivery"),
    "return": pgettext_lazy("what", "return"),
    "invoice": pgettext_lazy("what", "invoice"),
    "instalment": pgettext_lazy("what", "instalment"),
    "credit_note": pgettext_lazy("what", "credit note"),
    "receipt": pgettext_lazy("what", "receipt"),
    "instrument": pgettext_lazy("what", "bill or cheque"),
    "allocation": pgettext_lazy("what", "allocation"),
    "customer": pgettext_lazy("what", "customer"),
    "group": pgettext_lazy("what", "group"),
    "entity": pgettext_lazy("what", "entity"),
    "branch": pgettext_lazy("what", "branch"),
    "user": pgettext_lazy("what", "user"),
    "token": pgettext_lazy("what", "token"),
    "session": pgettext_lazy("what", "sign-in"),
    "stream": pgettext_lazy("what", "audit chain"),
    "rate": pgettext_lazy("what", "pair of currencies"),
    "policy": pgettext_lazy("what", "policy version"),
    "decision": pgettext_lazy("what", "decision"),
    "batch": pgettext_lazy("what", "batch"),
    "mapping": pgettext_lazy("what", "saved mapping"),
    "upload": pgettext_lazy("what", "file"),
    "month": pgettext_lazy("what", "month"),
    "hold": pgettext_lazy("what", "hold"),
    "breach": pgettext_lazy("what", "breach"),
    "paper": pgettext_lazy("what", "document"),
    "document": pgettext_lazy("what", "document"),
    "line": pgettext_lazy("what", "credit line"),
    "page": pgettext_lazy("what", "page"),
    "draft": pgettext_lazy("what", "draft of the policy by"),
}
#: What a search for items of exactly the amount found instead of one answer.
MATCHES: dict[str, Promise] = {
    "NONE": pgettext_lazy("match", "none of them do"),
    "SEVERAL": pgettext_lazy("match", "several sets of them do"),
    "UNDECIDED": pgettext_lazy("match", "there are too many to try them all"),
}
#: What terms count from and somebody has to tell.
EVENTS: dict[str, Promise] = {
    "ACCEPTANCE": pgettext_lazy("event", "acceptance of the goods"),
    "STATEMENT": pgettext_lazy("event", "agreed statement"),
    "SALE_REPORT": pgettext_lazy("event", "sale report"),
}
STATES: dict[str, Promise] = {
    "ENTERED": pgettext_lazy("state", "not checked yet"),
    "HELD": pgettext_lazy("state", "held"),
    "APPROVED": pgettext_lazy("state", "approved"),
    "RELEASED": pgettext_lazy("state", "released"),
    "REJECTED": pgettext_lazy("state", "rejected"),
    "CANCELLED": pgettext_lazy("state", "cancelled"),
    "REVERSED": pgettext_lazy("state", "reversed"),
    "UNDONE": pgettext_lazy("state", "undone"),
    "NOT_OVER": pgettext_lazy("state", "not over yet"),
    "TOO_LITTLE_LEFT": pgettext_lazy("state", "short: less of it is left than asked for"),
    "DELIVERED": pgettext_lazy("state", "delivered in full"),
    "NOTHING_OPEN": pgettext_lazy("state", "closed: nothing of it is open"),
    "NOT_WRITTEN_OFF": pgettext_lazy("state", "not written off"),
    "SETTLED": pgettext_lazy("state", "settled"),
    "BREACH": pgettext_lazy("state", "part of a breach, with which it ends"),
    "ENDED": pgettext_lazy("state", "ended"),
    "CLEARED": pgettext_lazy("state", "cleared"),
    "NOTHING_LEFT": pgettext_lazy("state", "used up: nothing of it is left, or it is not money yet"),
    "CLOSED": pgettext_lazy("state", "closed"),
    "OPEN": pgettext_lazy("state", "open"),
    "ACTIVE": pgettext_lazy("state", "in already"),
    "INACTIVE": pgettext_lazy("state", "shut out already"),
    "WAITING": pgettext_lazy("state", "waiting"),
    "RUNNING": pgettext_lazy("state", "running"),
    "DONE": pgettext_lazy("state", "done"),
    "FAILED": pgettext_lazy("state", "failed"),
    "STOPPED": pgettext_lazy("state", "stopped"),
    "LIFTED": pgettext_lazy("state", "lifted"),
    "SIGNED": pgettext_lazy("state", "signed"),
    "PROPOSED": pgettext_lazy("state", "proposed"),
    "SHIPPED": pgettext_lazy("state", "shipped, unsigned"),
    "LOOKED": pgettext_lazy("state", "looked at, with rows that are wrong"),
    "LANDED": pgettext_lazy("state", "in the books"),
    "GIVEN_UP": pgettext_lazy("state", "given up"),
    "UNDER_WAY": pgettext_lazy("state", "being worked on"),
    "REPLACED": pgettext_lazy("state", "replaced"),
    "WITHDRAWN": pgettext_lazy("state", "withdrawn"),
    # Paper bears its states in the words of files.
    "received": pgettext_lazy("state", "received"),
    "cleared": pgettext_lazy("state", "cleared"),
    "dishonoured": pgettext_lazy("state", "dishonoured"),
    "endorsed": pgettext_lazy("state", "endorsed"),
    "discounted": pgettext_lazy("state", "discounted"),
}
