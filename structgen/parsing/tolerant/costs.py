"""Price the edits of a reading: the reading of a text that costs least is taken.

A cost is about the negative logarithm of how often an edit mends a text, by e: an edit of cost 2 is taken
where another costs 3. The costs are fitted on texts with known faults (`benchmarks/damage.py`).
"""

from __future__ import annotations

MARGIN = 1.0
"""Another value that costs at most this much more makes a fix doubtful."""

# Notation that loses nothing.
WHITE_SPACE = 0.02
COMMENT = 0.2
OTHER_QUOTES = 0.15
"""Quotes other than double ones."""
LITERAL = 0.15
"""`True`, `None`, `undefined`."""
NUMBER_NOTATION = 0.2
BARE_KEY = 0.3
BARE_VALUE = 1.0
BARE_WORDS = 0.3
"""Added for a value without quotes that is more than one word."""
CALL = 0.3
FENCE = 0.5
SPECIAL_TOKEN = 0.3
RAW_LINE_END = 0.3
"""A line end within a string."""

# Commas and colons.
TRAILING_COMMA = 0.2
SPARE_COMMA = 0.5
OTHER_COMMA = 0.5
MISSING_COMMA = 1.0
OTHER_COLON = 0.5
SPARE_COLON = 0.8
MISSING_COLON = 1.4
MISSING_VALUE = 1.8

# Quotes.
INNER_QUOTE = 2.0
"""A quote within a string that no sign marks as one."""
INNER_OPENING_QUOTE = 1.3
INNER_CLOSING_QUOTE = 0.25
INNER_INCHES = 1.0
"""A quote after a digit, within a string."""
UNPAIRED_INNER_QUOTE = 1.0
"""A string that ends after an inner opening quote without its second one."""
MISSING_CLOSING_QUOTE = 1.5
SWALLOWED_BRACKETS = 3.0
"""A cut string that holds the brackets at the text's end."""
SWALLOWED_ITEM = 1.3
"""An item without its second quote that holds a comma."""
COMMA_IN_QUOTES = 0.8
"""A comma that stands before the quote which it should follow."""
TEXT_AFTER_STRING = 3.0
"""Text behind a string that is the whole value."""
MISSING_OPENING_QUOTE = 0.3
"""Added to the cost of a value or key without quotes."""
MIXED_QUOTES = 0.9
"""A string that a quote of another kind ends, or a quote with a backslash."""
WORD_AT_QUOTE = 1.6
"""A string that ends at a quote which a letter or digit directly follows."""
STRAY_QUOTE = 1.3
EMBEDDED_JSON = 0.9
"""A string that is JSON whose quotes are not escaped."""

# Brackets.
MISSING_CLOSING_BRACKET = 1.5
EVIDENT_CLOSING_BRACKET = 0.8
"""A missing bracket that indentation, the schema or like objects show."""
SPARE_BRACKET = 1.9
OTHER_BRACKET = 1.6
MISSING_OPENING_BRACKET = 2.0
MISSING_LIST_BRACKETS = 2.0
EMPTY_LIST = 0.8
"""A list whose bracket would close before its first item."""
MISSING_FIRST_LIST_BRACKET = 2.3
"""A list of one item whose opening bracket is missing: the closing one is there."""
MISSING_ROW_BRACKETS = 2.2
"""`}, {` lost between two rows."""
UNCLOSED_AT_END = 0.7
"""Each container that the end of the text leaves open."""
SEVERAL_VALUES = 0.6
"""Another value behind the bracket that closes the whole value."""
MEMBERS_AFTER_END = 5.0
"""Members or items behind the bracket that closes the whole value."""

# Text that no value holds.
STRAY_WORD = 2.2
STRAY_MARK = 0.9
VALUE_IN_TEXT = 1.8
"""Text without quotes that is one word and a value, or words and a container."""
LOST_VALUE = 4.0
ELLIPSIS = 0.3
UNREAD = 1e9
"""A reading that ends: its text has no place."""

# Signs against a reading.
REPEATED_KEY = 1.3
OTHER_INDENT = 1.2
UNLIKE_OTHERS = 0.9
"""A key that like objects do not have."""
UNDECLARED_KEY = 0.7
FORBIDDEN_KEY = 1.5
OTHER_TYPE = 1.5
"""A container for a scalar, or a scalar for a container."""
OTHER_SCALAR = 0.4
OTHER_CHOICE = 0.4
MISSING_MEMBER = 0.6
"""Each required member that an object lacks when it closes; at most three count."""
