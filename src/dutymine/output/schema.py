"""The one table of tables: every table the program writes, by name."""

from __future__ import annotations

from dutymine.output.compared_tables import COMPARED
from dutymine.output.mined_tables import MINED

TABLES = {table.name: table for table in (*MINED, *COMPARED)}
EXTRACTED = tuple(table.name for table in MINED)
