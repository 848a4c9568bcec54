"""Tables: rows of typed cells, pictures among them; joined and partitioned ones."""
