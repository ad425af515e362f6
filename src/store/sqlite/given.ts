import { getTableColumns, type SQL, type SQLiteTable, sql } from '#db/drizzle.ts';

type ColumnOf<Table extends SQLiteTable> = keyof Table['$inferInsert'] & string;
type Given<Table extends SQLiteTable, Apart> = Record<Exclude<ColumnOf<Table>, Apart>, SQL>;

/**
 * A row whose values are given each time a statement runs, so that what every change goes through
 * is put together and compiled once: doing that took longer than running it. `apart` are columns
 * that the statement does not set.
 */
export function given<Table extends SQLiteTable, Apart extends ColumnOf<Table> = never>(
  table: Table,
  ...apart: readonly Apart[]
): Given<Table, Apart> {
  const columns = Object.entries(getTableColumns(table)).filter(
    ([name]) => !(apart as readonly string[]).includes(name),
  );
  const values = columns.map(([name, column]) => {
    const value = sql.param(sql.placeholder(name), column);
    return [name, sql`${value}`] as const;
  });
  // The names are those of the table's columns, which the compiler knows but cannot list.
  return Object.fromEntries(values) as Given<Table, Apart>;
}
