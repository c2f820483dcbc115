import { describe, expect, it } from 'vitest'
import { readMigrations } from '#lib/db/migrations/files.ts'
import { VERSION } from '#lib/version.ts'
import { root } from '../root.mjs'
import { faultsOfMigrations } from './migrations.ts'

const faults = (sql: string, worksBeside: string | undefined = '0.2.0') =>
  faultsOfMigrations([{ name: '20270101000000_next', sql, checksum: '', worksBeside }], '0.3.0')

describe('faultsOfMigrations', () => {
  it('finds nothing in those of this version', async () => {
    expect(faultsOfMigrations(await readMigrations(root), VERSION)).toEqual([])
  })

  it.each([
    'CREATE TABLE thing (n integer NOT NULL)',
    'ALTER TABLE thing ADD COLUMN m integer, ADD COLUMN k text NOT NULL DEFAULT 0;',
    'ALTER TABLE thing ADD COLUMN m integer DEFAULT 0 NOT NULL, ADD COLUMN k text;',
    'ALTER TABLE thing ALTER COLUMN m DROP NOT NULL; CREATE INDEX thing_m ON thing (m)',
    '-- Nothing may DROP TABLE here.\nCREATE OR REPLACE FUNCTION f() RETURNS void AS $$ $$ LANGUAGE sql',
  ])('lets older versions serve on: %s', (sql) => {
    expect(faults(sql)).toEqual([])
  })

  it.each([
    ['DROP TABLE thing', 'drops something'],
    ['ALTER TABLE thing DROP COLUMN m', 'drops something'],
    ['ALTER TABLE thing RENAME COLUMN m TO k', 'renames something'],
    ['ALTER TABLE thing ALTER COLUMN m TYPE text', 'changes the type'],
    ['ALTER TABLE thing ALTER m SET NOT NULL', 'makes a column required'],
    ['ALTER TABLE thing ADD COLUMN m integer NOT NULL;', 'without a default'],
    [
      'ALTER TABLE thing ADD COLUMN k text DEFAULT 0, ADD COLUMN m integer NOT NULL REFERENCES o (id);',
      'without a default',
    ],
    ['REVOKE ALL ON thing FROM PUBLIC', 'takes a right away'],
    ['DELETE FROM thing', 'deletes rows'],
  ])('says what they do not survive: %s', (sql, part) => {
    expect(faults(sql)).toEqual([expect.stringContaining(part)])
    // Said to be for stopped instances.
    expect(faults(sql, '0.3.0')).toEqual([])
  })

  it('wants to be told which versions serve on', () => {
    const next = { name: '20270101000000_next', sql: '', checksum: '', worksBeside: undefined }
    expect(faultsOfMigrations([next], '0.3.0')).toEqual([expect.stringContaining('Works beside versions')])
  })
})
