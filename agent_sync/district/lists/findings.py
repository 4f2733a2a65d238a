"""The closed words for everything that an import can find.

They are what other programs and tests rely on; the sentences for officers stand in ``messages``.
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """Whether the file as a whole may be imported."""

    IMPORT = "import"
    REFUSE = "refuse"


class FileErrorKind(StrEnum):
    """Why a whole file is refused."""

    NOT_FOUND = "not_found"
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    ENCRYPTED = "encrypted"
    OLD_XLS = "old_xls"
    BINARY_WORKBOOK = "binary_workbook"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"
    OTHER_DOCUMENT = "other_document"
    NOT_A_WORKBOOK = "not_a_workbook"
    BROKEN_WORKBOOK = "broken_workbook"
    TOO_MANY_SHEETS = "too_many_sheets"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MANY_COLUMNS = "too_many_columns"
    NO_LIST = "no_list"
    DECREASE_LIST = "decrease_list"
    PERIOD_MISMATCH = "period_mismatch"
    SEVERAL_PERIODS = "several_periods"
    PERIOD_MISSING = "period_missing"
    PROGRAMME_MISSING = "programme_missing"
    TOTAL_MISMATCH = "total_mismatch"
    TOTAL_WORDS_MISMATCH = "total_words_mismatch"
    COUNT_MISMATCH = "count_mismatch"


UNREADABLE: frozenset[FileErrorKind] = frozenset(FileErrorKind) - {
    FileErrorKind.DECREASE_LIST,
    FileErrorKind.PERIOD_MISMATCH,
    FileErrorKind.TOTAL_MISMATCH,
    FileErrorKind.TOTAL_WORDS_MISMATCH,
    FileErrorKind.COUNT_MISMATCH,
}
"""File errors that mean bad input; the others mean that a check failed."""


class ErrorKind(StrEnum):
    """Why one row cannot be paid until the commune mends it."""

    NAME_MISSING = "name_missing"
    NAME_UNREADABLE = "name_unreadable"
    ID_NOT_DIGITS = "id_not_digits"
    ID_WRONG_LENGTH = "id_wrong_length"
    AMOUNT_MISSING = "amount_missing"
    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_WITHOUT_VALUE = "amount_formula_without_value"
    AMOUNT_SCIENTIFIC = "amount_scientific"
    AMOUNT_FRACTION = "amount_fraction"
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_TOO_LARGE = "amount_too_large"
    ROW_TOTAL_MISMATCH = "row_total_mismatch"
    BIRTH_UNREADABLE = "birth_unreadable"
    BIRTH_IMPOSSIBLE = "birth_impossible"
    BIRTH_FUTURE = "birth_future"
    PERIOD_UNREADABLE = "period_unreadable"
    TEXT_TOO_LONG = "text_too_long"
    CELL_ERROR = "cell_error"
    ROW_INCOMPLETE = "row_incomplete"


class HeldReason(StrEnum):
    """Why a line waits for an officer's decision."""

    ID_MISSING = "id_missing"
    CMND_ONLY = "cmnd_only"
    ID_SHORT = "id_digits_missing"
    NUMBER_SHARED = "number_shared"
    DUPLICATE_LINE = "duplicate_line"
    DUPLICATE_DIFFERS = "duplicate_differs"
    NAME_UNUSUAL = "name_unusual"
    NAME_SAYS_DECEASED = "name_says_deceased"
    NOTE_SAYS_DECEASED = "note_says_deceased"
    NOTE_SAYS_STOPPED = "note_says_stopped"
    DECREASE_SECTION = "decrease_section"
    HIDDEN_ROW = "hidden_row"
    STRUCK_THROUGH = "struck_through"
    ENCODING_UNSURE = "encoding_unsure"
    AMOUNT_SMALL = "amount_unusually_small"
    AMOUNT_LARGE = "amount_unusually_large"
    DEDUCTION = "deduction"
    DIFFERENCE_UNLINKED = "difference_without_entitlement"
    ARREARS_WITHOUT_PERIOD = "arrears_without_period"
    ARREARS_SEVERAL_MONTHS = "arrears_several_months"
    ARREARS_NOT_PAST = "arrears_period_not_past"
    SEVERAL_MONTHS = "several_months"
    PERIOD_AHEAD = "period_ahead"
    PROGRAMME_DIFFERS = "programme_differs"
    PROGRAMME_UNKNOWN = "programme_unknown"
    METHOD_UNKNOWN = "method_unknown"
    ALREADY_IMPORTED = "already_imported"
    MATCHES_OPEN = "matches_open_entitlement"
    ALREADY_SETTLED = "already_settled"
    MONTHLY_IN_SAME_LIST = "monthly_line_for_same_period"


class Warn(StrEnum):
    """What was mended or looked odd in a line that may still be paid."""

    LEADING_ZERO_RESTORED = "leading_zero_restored"
    REPAIRED_TCVN3 = "text_repaired_tcvn3"
    REPAIRED_VNI = "text_repaired_vni"
    REPAIRED_BROKEN_UTF8 = "text_repaired_broken_utf8"
    HIDDEN_CHARACTERS = "hidden_characters_removed"
    NAME_UNUSUAL = "name_with_digits_or_one_word"
    HONORIFIC_REMOVED = "honorific_removed"
    BIRTH_MISSING = "birth_missing"
    BIRTH_TWO_DIGIT_YEAR = "birth_two_digit_year"
    DAY_MONTH_SWAPPED = "day_and_month_may_be_swapped"
    BIRTH_DIFFERS_FROM_ID = "birth_differs_from_id"
    SEX_DIFFERS_FROM_ID = "sex_differs_from_id"
    AGE_UNUSUAL = "age_unusual_for_programme"
    SEX_UNREADABLE = "sex_unreadable"
    PHONE_UNREADABLE = "phone_unreadable"
    PAYEE_WITHOUT_ID = "payee_without_id"
    PAYEE_ID_UNREADABLE = "payee_id_unreadable"
    PAYEE_IS_RECIPIENT = "payee_is_recipient"
    PAYEE_FOR_MANY = "payee_for_many"
    METHOD_FROM_ACCOUNT = "method_from_account"
    ACCOUNT_MISSING = "account_missing"
    THOUSANDS = "amounts_in_thousands"
    MONTHS_SPLIT = "several_months_split"
    NAMESAKE = "same_name_and_birth_in_list"


class NoticeKind(StrEnum):
    """What an officer should know of the file, without stopping it."""

    SHEET_WITHOUT_LIST = "sheet_without_list"
    HIDDEN_SHEET_SKIPPED = "hidden_sheet_skipped"
    SHEET_OF_OTHER_PERIOD = "sheet_of_other_period"
    DECREASE_SHEET_SKIPPED = "decrease_sheet_skipped"
    PERIOD_UNKNOWN = "period_unknown"
    PROGRAMME_UNKNOWN = "programme_unknown"
    PROGRAMME_TITLE_DIFFERS = "programme_title_differs"
    TOTAL_NOT_CHECKED = "total_not_checked"
    NO_TOTAL_ROW = "no_total_row"
    SUBTOTAL_MISMATCH = "subtotal_mismatch"
    TEXT_OUTSIDE_ROWS = "text_outside_rows"
    COLUMN_NOT_UNDERSTOOD = "column_not_understood"
