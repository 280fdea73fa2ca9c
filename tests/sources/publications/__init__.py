"""Each publication: its layouts, its round trip, its damage, its real files."""
