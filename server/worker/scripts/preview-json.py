"""Reads JSON as the json reader of the package datasets takes it, and no more of a file than asked. Goes before
preview-data.py, whose names it uses when it runs. Python 3.8 or newer."""

MAX_ROW = 1_048_576
CHUNK = 262_144
COUNT_SECONDS = 3.0
KINDS = ((b"PAR1", "Parquet"), (b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "zip"), (b"ARROW1", "Arrow"), (b"\xff\xfe", "UTF-16"))


class Unreadable(Exception):
    def __init__(self, code, **facts):
        super().__init__(code)
        self.facts = dict(facts, code=code)


def no_duplicates(pairs):
    row = dict(pairs)
    if len(row) < len(pairs):
        names = [name for name, _ in pairs]
        raise Unreadable("duplicate_name", detail=next(name for name in names if names.count(name) > 1))
    return row


class JsonFile:
    """Objects one after the other, or an array of them; what the json reader of the package datasets takes."""

    def __init__(self, path):
        import codecs

        self.file = open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
        self.decode = codecs.getincrementaldecoder("utf-8")().decode
        self.parse = json.JSONDecoder(object_pairs_hook=no_duplicates).raw_decode
        self.text, self.at, self.line, self.is_over = "", 0, 1, False
        self.is_array, self.has_long_rows, self.read_bytes, self.count = False, False, 0, 0

    def more(self):
        chunk = self.file.read(CHUNK)
        self.is_over = len(chunk) < CHUNK
        if self.read_bytes == 0:
            kind = next((name for magic, name in KINDS if chunk.startswith(magic)), "binary data")
            if b"\0" in chunk or kind != "binary data":
                raise Unreadable("not_text", detail=kind)
        self.read_bytes += len(chunk)
        try:
            text = self.decode(chunk, self.is_over)
        except UnicodeDecodeError as error:
            bad = self.line + self.text.count("\n", self.at) + chunk.count(b"\n", 0, max(0, error.start))
            raise Unreadable("not_utf8", place="line %d" % bad)
        self.text, self.at = self.text[self.at :] + text, 0
        if self.read_bytes <= CHUNK:
            self.text = self.text.lstrip("\ufeff")

    def skip(self, characters):
        """Past blanks; False at the end of the file."""
        while True:
            start = self.at
            while self.at < len(self.text) and self.text[self.at] in characters:
                self.at += 1
            self.line += self.text.count("\n", start, self.at)
            if self.at < len(self.text):
                return True
            if self.is_over:
                return False
            self.more()

    def place(self):
        return "row %d" % (self.count + 1) if self.is_array else "line %d" % self.line

    def rows(self):
        if not self.skip(" \t\r\n"):
            return
        if self.text[self.at] == "[":
            self.is_array, self.at = True, self.at + 1
        while self.skip(" \t\r\n"):
            if self.is_array and self.count == 0 and self.text[self.at] == "]":
                return
            place, value = self.place(), self.value()
            if not isinstance(value, dict):
                raise Unreadable("not_object", place=place)
            self.count += 1
            yield place, value
            if self.is_array and self.is_last():
                return
        if self.is_array:
            raise Unreadable("not_json", place=self.place(), detail="the list has no end")

    def is_last(self):
        mark = self.text[self.at] if self.skip(" \t\r\n") else ""
        if mark not in ("]", ","):
            raise Unreadable("not_json", place=self.place(), detail="a comma or the end of the list is missing")
        self.at += 1
        return mark == "]"

    def value(self):
        place = self.place()
        while True:
            try:
                value, end = self.parse(self.text, self.at)
                break
            except RecursionError:
                raise Unreadable("not_json", place=place, detail="it is nested too deeply")
            except Unreadable as error:
                raise Unreadable(place=place, **error.facts)
            except json.JSONDecodeError as error:
                is_open = error.msg.startswith("Unterminated") or error.pos >= len(self.text) - 8
                if self.is_over or not is_open:
                    raise Unreadable("not_json", place=place, detail="%s, column %d" % (error.msg, error.colno))
                if len(self.text) - self.at > MAX_ROW:
                    raise Unreadable("row_too_long", place=place)
                self.more()
        lines = self.text.count("\n", self.at, end)
        self.has_long_rows = self.has_long_rows or lines > 0
        self.line, self.at = self.line + lines, end
        return value

    def total(self):
        """(rows, whether that is exact)"""
        import time

        size = os.fstat(self.file.fileno()).st_size
        seen = self.read_bytes - len(self.text[self.at :].encode("utf-8", "replace"))
        deadline = time.monotonic() + COUNT_SECONDS
        count, rest = self.count, self.text[self.at :].encode("utf-8", "replace")
        is_known = not self.is_array and not self.has_long_rows
        while is_known and time.monotonic() < deadline:
            lines = rest.split(b"\n")
            count += sum(1 for line in lines[:-1] if line.strip())
            chunk = self.file.read(4 * CHUNK)
            if not chunk:
                return count + (1 if lines[-1].strip() else 0), True
            # A line without an end keeps only the news that it is not blank.
            rest = (b"x" if lines[-1].strip() else b"") + chunk
        return max(self.count, round(self.count * size / max(1, seen))), False
