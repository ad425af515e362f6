/**
 * Drizzle, taken from the CommonJS build inside the same package. Node reads the package's list of
 * exports, 180 KB of JSON, again for each of its ES modules: a second of every start and 150 MiB.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const core = require('drizzle-orm') as typeof import('drizzle-orm');
const sqlite = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core');
const driver = require('drizzle-orm/better-sqlite3') as typeof import('drizzle-orm/better-sqlite3');
const migrator =
  require('drizzle-orm/better-sqlite3/migrator') as typeof import('drizzle-orm/better-sqlite3/migrator');

export type { SQL } from 'drizzle-orm';
export type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
export type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
export const { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull } = core;
export const { getTableColumns, lt, max, min, or, sql } = core;
export const { blob, customType, index, integer, primaryKey, sqliteTable, text, uniqueIndex } =
  sqlite;
export const { drizzle } = driver;
export const { migrate } = migrator;
