import { describe, expect, it } from 'vitest'
import { configurationKeys, OTHER_NAMES, readEnvironment } from './environment.ts'
import { loadConfig } from './load.ts'

const keys = configurationKeys()
const load = (environment: Record<string, string>) => loadConfig(environment, '/nowhere')

/** A text that is allowed for a key, and the value that it stands for. */
function example({ schema }: (typeof keys)[number]): [string, unknown] {
  if (schema.enum !== undefined) return [String(schema.enum.at(-1)), schema.enum.at(-1)]
  if (schema.type === 'boolean') return ['true', true]
  if (schema.type === 'number' || schema.type === 'integer') return [String(schema.minimum), schema.minimum]
  if (schema.type === 'array') return ['[]', []]
  return schema.type === 'object' ? ['{}', {}] : ['text', 'text']
}

describe('the environment', () => {
  it('has a name for every key, and none twice', () => {
    const names = [...keys.flatMap((key) => key.names), ...OTHER_NAMES]
    expect(new Set(names).size).toBe(names.length)
    for (const { section, key, names: own } of keys)
      expect(own).toContain(`INCIPIT_${section}_${key}`.toUpperCase())
    expect(keys.length).toBeGreaterThan(80)
  })

  it('sets every key under each of its names', () => {
    for (const key of keys)
      for (const name of key.names) {
        const [text, value] = example(key)
        const { values, problems } = readEnvironment({ [name]: text })
        expect({ name, values, problems }).toEqual({
          name,
          values: { [key.section]: { [key.key]: value } },
          problems: [],
        })
      }
  })

  it('says in the documentation what holds for a key that is not set', () => {
    const blank = keys.filter(({ schema }) => schema.default === undefined && schema.absent === undefined)
    expect(blank.map(({ section, key }) => `${section}.${key}`)).toEqual([])
    expect(keys.filter(({ schema }) => !schema.description)).toEqual([])
  })

  it('reads numbers, switches, lists and JSON', () => {
    const model = { provider: 'acme', model: 'm', input_price_per_million: 0.5 }
    const config = load({
      INCIPIT_LIMITS_BODY_BYTES: ' 2048 ',
      INCIPIT_DATABASE_POOL_TIMEOUT: '0.5',
      INCIPIT_SECURITY_ALLOW_OPEN: 'true',
      INCIPIT_SECURITY_ALLOWED_HOSTS: 'prompts.internal, other.internal,',
      INCIPIT_SECURITY_CORS_ORIGINS: '["https://tools.example.org"]',
      INCIPIT_AI_CATALOGUE: JSON.stringify([model]),
      INCIPIT_AI_ECHO: '0',
      INCIPIT_INNGEST_MODE: 'embedded',
    })
    expect(config.limits.body_bytes).toBe(2048)
    expect(config.database.pool_timeout).toBe(0.5)
    expect(config.security).toMatchObject({
      allow_open: true,
      allowed_hosts: ['prompts.internal', 'other.internal'],
      audit_retention_days: 0,
      auth_stale_ms: 300_000,
      key_days: 90,
      key_notice_days: 14,
      cors_origins: ['https://tools.example.org'],
    })
    expect(config.ai).toMatchObject({ catalogue: [model], echo: false })
    expect(config.inngest.mode).toBe('embedded')
    expect(config.warnings).toEqual([])
  })

  it('takes an empty variable for one that is not set', () => {
    expect(load({ INCIPIT_LIMITS_BODY_BYTES: '', PORT: '', INCIPIT_CONFIG: '' }).limits.body_bytes).toBe(
      4_194_304,
    )
  })

  it.each([
    [
      { INCIPIT_LIMITS_BODY_BYTES: 'many' },
      /INCIPIT_LIMITS_BODY_BYTES \(limits\.body_bytes\): expected a number/,
    ],
    [{ INCIPIT_LIMITS_BODY_BYTES: '0' }, /INCIPIT_LIMITS_BODY_BYTES \(limits\.body_bytes\): .*>=1/],
    [{ INCIPIT_LIMITS_BODY_BYTES: '1.5' }, /INCIPIT_LIMITS_BODY_BYTES \(limits\.body_bytes\)/],
    [{ INCIPIT_SECURITY_ALLOW_OPEN: 'maybe' }, /INCIPIT_SECURITY_ALLOW_OPEN .*: expected true or false/],
    [{ INCIPIT_AI_CATALOGUE: 'gpt-5' }, /INCIPIT_AI_CATALOGUE .*: expected a JSON array/],
    [{ INCIPIT_AI_CATALOGUE: '[{"model": 1}]' }, /INCIPIT_AI_CATALOGUE \(ai\.catalogue\.0\./],
    [{ INCIPIT_INNGEST_MODE: 'both' }, /INCIPIT_INNGEST_MODE \(inngest\.mode\)/],
    [{ INCIPIT_LOG_LEVEL: 'loud' }, /INCIPIT_LOG_LEVEL \(logging\.level\)/],
    [{ PORT: '70000' }, /PORT \(server\.port\)/],
    [{ PORT: '3000', INCIPIT_SERVER_PORT: '4000' }, /PORT and INCIPIT_SERVER_PORT say different things/],
  ])('names the variable of %j', (environment, message) => {
    expect(() => load(environment)).toThrow(message)
  })

  it('never repeats a value, which may hold a password', () => {
    const read = () =>
      load({ DATABASE_URL: 'mysql://me:hidden@db', INCIPIT_DATABASE_REPLICAS: 'mysql://me:hidden@db' })
    expect(read).toThrow(/DATABASE_URL \(database\.url\)/)
    expect(read).not.toThrow(/hidden/)
  })

  it('warns of a name that is none, with the nearest', () => {
    const { warnings } = load({ INCIPIT_SECURITY_ALOW_OPEN: '1', INCIPIT_TEST_PG: 'debian', OTHER: 'x' })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('INCIPIT_SECURITY_ALOW_OPEN is no setting')
    expect(warnings[0]).toContain('The nearest name is INCIPIT_SECURITY_ALLOW_OPEN.')
    expect(load({ INCIPIT_PORT: '4000' }).warnings[0]).toContain('The nearest name is PORT.')
  })

  it('warns of a database for several hosts whose secret is a file of this one', () => {
    const url = 'postgresql://db/incipit'
    expect(load({ DATABASE_URL: url }).warnings[0]).toContain('INCIPIT_SECRET is not set')
    expect(load({ DATABASE_URL: url, INCIPIT_SECRET: 'x'.repeat(32) }).warnings).toEqual([])
    expect(load({ DATABASE_URL: url, INCIPIT_EMBEDDED: '1' }).warnings).toEqual([])
  })
})
