import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeOtherWorkspace } from '../testing/factories.ts'
import { refusal } from '../testing/refusal.ts'
import { uniqueName } from '../testing/rows.ts'
import { type TestRuntime, testRuntime } from '../testing/runtime.ts'
import { createConfiguration } from './operations/create-configuration.ts'
import { getConfiguration } from './operations/get-configuration.ts'
import { loadConfiguration } from './operations/load-configuration.ts'
import { patchConfiguration } from './operations/patch-configuration.ts'
import type { CreateConfigurationInput, PatchConfigurationInput } from './schema.ts'

const HOUR_MS = 3_600_000

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime({ feed: true, ai: { echo: true } })
})
afterAll(async () => {
  vi.useRealTimers()
  await app.close()
})

const sql = (text: string, values: unknown[] = []) => app.runtime.database.primary.pool.query(text, values)

const price = (input: number | null, output: number | null) => ({
  input_price_per_million: input,
  output_price_per_million: output,
})

function make(input: Partial<CreateConfigurationInput> = {}) {
  return createConfiguration(app.actor(), {
    name: uniqueName('priced'),
    provider: 'echo',
    model: 'echo',
    ...input,
  })
}

async function patch(name: string, input: PatchConfigurationInput) {
  const { etag } = await getConfiguration(app.actor(), { name })
  return patchConfiguration(app.actor(), { current_name: name, if_match: etag, ...input })
}

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString()

async function used(name: string) {
  const [{ facts }] = await loadConfiguration(app.actor(), { name })
  return price(facts.input_price_per_million, facts.output_price_per_million)
}

/** As a version does that knows no dates: it writes all columns. */
const asOlderVersion = (name: string, changes: string) =>
  sql(
    `UPDATE ai_configuration SET revision = revision + 1, ${changes} WHERE name = $1 AND workspace_id = $2`,
    [name, app.identity.workspaceId],
  )

describe('a price', () => {
  it('is valid from the moment that it is given, and the ones before stay on record', async () => {
    const { name, prices } = await make(price(1, 2))
    expect(prices).toMatchObject([price(1, 2)])
    const changed = await patch(name, { input_price_per_million: 3 })
    expect(changed.prices).toMatchObject([price(3, 2), price(1, 2)])
    expect(changed).toMatchObject(price(3, 2))
    expect(await used(name)).toEqual(price(3, 2))
    const emptied = await patch(name, price(null, null))
    expect(emptied.prices).toMatchObject([price(null, null), price(3, 2), price(1, 2)])
    const times = emptied.prices.map(({ valid_from }) => Date.parse(valid_from))
    expect(times).toEqual(times.toSorted((a, b) => b - a))
  })

  it('is not written again when something else changes, or when it is the same', async () => {
    const { name } = await make(price(1, 2))
    await patch(name, { temperature: 1 })
    await patch(name, { ...price(1, 2), temperature: 0.5 })
    expect((await getConfiguration(app.actor(), { name })).prices).toHaveLength(1)
    expect((await make()).prices).toEqual([])
  })

  it('that was given by an older version is dated as well', async () => {
    const { name } = await make(price(1, 2))
    await asOlderVersion(name, 'input_price_per_million = 9, model = model')
    await asOlderVersion(name, 'input_price_per_million = 9, temperature = 1')
    expect((await getConfiguration(app.actor(), { name })).prices).toMatchObject([price(9, 2), price(1, 2)])
  })

  it('stands in the columns that an older version reads', async () => {
    const { name } = await make(price(1, 2))
    await patch(name, price(5, 6))
    const { rows } = await sql(
      `SELECT input_price_per_million::float8, output_price_per_million::float8 FROM ai_configuration
       WHERE name = $1 AND workspace_id = $2`,
      [name, app.identity.workspaceId],
    )
    expect(rows).toEqual([price(5, 6)])
  })
})

describe('a planned price', () => {
  it('takes effect when its time has come, without anybody doing something', async () => {
    const at = inHours(1)
    const { name } = await make({ ...price(1, 2), planned_prices: [{ valid_from: at, ...price(10, 20) }] })
    expect(await used(name)).toEqual(price(1, 2))
    expect(await getConfiguration(app.actor(), { name })).toMatchObject({
      ...price(1, 2),
      prices: [{ valid_from: at, ...price(10, 20) }, price(1, 2)],
    })
    // What is kept of the configuration is from before; only the clock moves.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * HOUR_MS })
    expect(await used(name)).toEqual(price(10, 20))
    vi.useRealTimers()
    await sql(`UPDATE ai_price SET valid_from = valid_from - interval '2 hours' WHERE workspace_id = $1`, [
      app.identity.workspaceId,
    ])
    expect(await getConfiguration(app.actor(), { name })).toMatchObject(price(10, 20))
    // Back to what the column still says: it is a new price all the same.
    expect((await patch(name, price(1, 2))).prices).toMatchObject([price(1, 2), {}, {}])
    expect(await getConfiguration(app.actor(), { name })).toMatchObject(price(1, 2))
  })

  it('is replaced with the others that are planned, and stays when nothing is said of it', async () => {
    const { name } = await make({ planned_prices: [{ valid_from: inHours(5), ...price(3, 3) }] })
    const planned = [inHours(9), inHours(2)].map((valid_from, n) => ({ valid_from, ...price(n, n) }))
    expect((await patch(name, { planned_prices: planned })).prices).toEqual([planned[0], planned[1]])
    expect((await patch(name, price(7, 7))).prices).toMatchObject([price(0, 0), price(1, 1), price(7, 7)])
    expect((await patch(name, { planned_prices: [] })).prices).toMatchObject([price(7, 7)])
    const { rows } = await sql(
      `SELECT before, after FROM audit_event WHERE target_name = $1 AND action = 'configuration.update' ORDER BY revision`,
      [name],
    )
    expect(rows[0]).toMatchObject({
      before: { planned_prices: [price(3, 3)] },
      after: { planned_prices: [price(1, 1), price(0, 0)] },
    })
  })

  it.each([
    ['2020-01-01T00:00:00Z', 'not_in_future'],
    [new Date(Date.now() - 1000).toISOString(), 'not_in_future'],
  ])('cannot begin at %s', async (valid_from, code) => {
    const error = await refusal(make({ planned_prices: [{ valid_from, ...price(1, 1) }] }))
    expect(error).toMatchObject({
      code: 'unprocessable',
      details: [{ path: ['planned_prices', 0, 'valid_from'], code }],
    })
  })

  it('cannot begin twice at the same time, however that is written', async () => {
    const at = new Date(Date.now() + HOUR_MS)
    const other = at.toISOString().replace('Z', '+00:00')
    const twice = [at.toISOString(), other].map((valid_from) => ({ valid_from, ...price(1, 1) }))
    expect(await refusal(make({ planned_prices: twice }))).toMatchObject({
      details: [{ code: 'planned_twice' }],
    })
  })
})

it('goes with its configuration, and belongs to one of the same workspace', async () => {
  const { name, id } = await make(price(1, 2))
  await sql('DELETE FROM ai_configuration WHERE name = $1 AND workspace_id = $2', [
    name,
    app.identity.workspaceId,
  ])
  expect((await sql('SELECT 1 FROM ai_price WHERE configuration_id = $1', [id])).rows).toEqual([])
  const { id: here } = await make()
  const { workspaceId: other } = await makeOtherWorkspace()
  await expect(sql('INSERT INTO ai_price VALUES ($1, $2, now(), 1, 1)', [other, here])).rejects.toThrow(
    'foreign key',
  )
})
