#ifndef FACET_CSQLITE_SHIM_H
#define FACET_CSQLITE_SHIM_H

#include <sqlite3.h>

/* Binds bytes as text; SQLite copies them. A cast that Swift cannot write. */
static inline int facet_bind_text(sqlite3_stmt *statement, int place, const char *bytes, int count) {
    return sqlite3_bind_text(statement, place, count ? bytes : "", count, SQLITE_TRANSIENT);
}

/* The file may have been written by anyone: nothing in its schema runs, nothing breaks its tables. */
static inline void facet_distrust(sqlite3 *database) {
    sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
}

#endif
