"""Files and other systems ⇄ the chapters' public faces."""
