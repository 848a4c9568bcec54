"""The catalog: facts in one database, by SQLAlchemy Core. Imported when a catalog is opened."""
