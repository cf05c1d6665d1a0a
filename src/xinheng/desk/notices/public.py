"""What later chapters may tell people, and how they give their notices a voice."""

from xinheng.desk.notices.actions import News, settle, tell_people, together
from xinheng.desk.notices.models import Notice
from xinheng.desk.notices.queries import count_unread
from xinheng.desk.notices.voices import Voice, give_voice

__all__ = ["News", "Notice", "Voice", "count_unread", "give_voice", "settle", "tell_people", "together"]
