import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase, poolOf } from '../suite/database.ts'
import { install } from './install.ts'

const schema = 'installed'
let database: FreshDatabase
let pool: pg.Pool

beforeAll(async () => {
  database = await freshDatabase()
  pool = poolOf(database.servingUrl, 2)
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

it('makes the tables as their owner and gives the role that serves their rows alone', async () => {
  await expect(install({ pool, schema, ownerConnectionString: undefined })).rejects.toMatchObject({
    code: '42501',
  })
  await install({ pool, schema, ownerConnectionString: database.url })
  for (const table of [`${schema}.run`, `${schema}_queue.job`])
    expect((await pool.query(`SELECT FROM ${table}`)).rowCount).toBe(0)
  for (const statement of [
    `TRUNCATE ${schema}.step`,
    `CREATE TABLE ${schema}.mine (n integer)`,
    `DROP TABLE ${schema}_queue.job`,
  ])
    await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' })
})

it('finds them made by a role that may make none', async () => {
  await install({ pool, schema, ownerConnectionString: undefined })
  await install({ pool, schema, ownerConnectionString: database.url })
  expect((await pool.query(`DELETE FROM ${schema}.started`)).rowCount).toBe(0)
})
