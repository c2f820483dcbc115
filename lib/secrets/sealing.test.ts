import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallingRuntime, callingRuntime } from '../testing/calling-runtime.ts'
import { derivedKeys, deriveKey, LABELS, type Label } from './derive.ts'
import { makeDataKey, open, rewrapped, type Sealed, type SealedPlace, seal } from './sealing.ts'
import { readOrMakeSecret } from './secret-file.ts'

const OLD = 'an old secret that is long enough to be one'
const NEW = 'a new secret that is long enough to be one!'
const PLACE = { table: 'ai_configuration', column: 'api_key_sealed', workspaceId: 'w1', id: 'c1' }
const KEY = 'sk-live-0123456789'

const openKey = open

/** Seals with a data key of its own. */
function sealKey(plain: string, place: SealedPlace): Sealed {
  const dataKey = makeDataKey(place.workspaceId)
  return { sealed: seal(plain, dataKey, place), keyId: dataKey.id, wraps: dataKey.wraps }
}

let folder: string
let app: CallingRuntime | undefined

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'incipit-secret-'))
})
afterEach(async () => {
  await app?.close()
  app = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function withSecret(secret: string | undefined, previous?: string): Promise<void> {
  await app?.close()
  app = callingRuntime({
    dataDir: folder,
    environment: {
      ...(secret === undefined ? {} : { INCIPIT_SECRET: secret }),
      ...(previous === undefined ? {} : { INCIPIT_SECRET_PREVIOUS: previous }),
    },
  })
}

describe('case 30: sealed keys', () => {
  it('open where they were sealed, and show nothing', async () => {
    await withSecret(OLD)
    const stored = sealKey(KEY, PLACE)
    expect(openKey(stored, PLACE)).toBe(KEY)
    expect(Buffer.from(stored.sealed).toString('latin1')).not.toContain('0123456789')
    expect(sealKey(KEY, PLACE).sealed).not.toEqual(stored.sealed)
  })

  it.each([{ workspaceId: 'w2' }, { id: 'c2' }, { table: 'other' }, { column: 'other' }])(
    'do not open in another place: %j',
    async (other) => {
      await withSecret(OLD)
      const stored = sealKey(KEY, PLACE)
      expect(() => openKey(stored, { ...PLACE, ...other })).toThrow(
        expect.objectContaining({
          code: 'unavailable',
          message: expect.stringContaining('enter the key again'),
        }),
      )
    },
  )

  it('do not open with any byte changed, cut or added', async () => {
    await withSecret(OLD)
    const { sealed, ...key } = sealKey(KEY, PLACE)
    for (let n = 0; n < sealed.length; n++) {
      const changed = Uint8Array.from(sealed)
      changed[n] = (changed[n] ?? 0) ^ 1
      expect(() => openKey({ sealed: changed, ...key }, PLACE)).toThrow(/cannot be read/)
    }
    for (const length of [0, 1, 20, sealed.length - 1])
      expect(() => openKey({ sealed: sealed.slice(0, length), ...key }, PLACE)).toThrow(/cannot be read/)
    expect(() => openKey({ sealed: Buffer.concat([sealed, Buffer.of(0)]), ...key }, PLACE)).toThrow(
      /cannot be read/,
    )
  })

  it('do not open with another secret, which is named as the reason, nor under its id', async () => {
    await withSecret(OLD)
    const stored = sealKey(KEY, PLACE)
    await withSecret(NEW)
    expect(() => openKey(stored, PLACE)).toThrow(/INCIPIT_SECRET_PREVIOUS/)
    const { keyId, wraps } = sealKey(KEY, PLACE)
    expect(() => openKey({ ...stored, keyId }, PLACE)).toThrow(/cannot be read/)
    expect(() => openKey({ ...stored, keyId, wraps }, PLACE)).toThrow(/cannot be read/)
  })

  it('open after a rotation while the old secret is given, and are sealed anew with the new one', async () => {
    await withSecret(OLD)
    const stored = sealKey(KEY, PLACE)
    await withSecret(NEW, `something else that was used long ago,${OLD}`)
    expect(openKey(stored, PLACE)).toBe(KEY)
    expect(sealKey(KEY, PLACE).keyId).not.toBe(stored.keyId)
  })

  it('open after a change of the secret whose data key is wrapped anew, by both secrets', async () => {
    await withSecret(OLD)
    const stored = sealKey(KEY, PLACE)
    await withSecret(NEW, OLD)
    const dataKey = rewrapped({ id: stored.keyId, wraps: stored.wraps ?? [] }, PLACE.workspaceId)
    const wraps = dataKey?.wraps ?? []
    expect(wraps).toHaveLength(2)
    for (const secret of [NEW, OLD]) {
      await withSecret(secret)
      expect(openKey({ ...stored, wraps }, PLACE)).toBe(KEY)
    }
    await withSecret(OLD)
    expect(() => openKey({ ...stored, wraps: wraps.slice(0, 1) }, PLACE)).toThrow(/INCIPIT_SECRET_PREVIOUS/)
  })

  it('do not open with the data key of another workspace, nor with one that was put in its place', async () => {
    await withSecret(OLD)
    const stored = sealKey(KEY, PLACE)
    const other = makeDataKey('w2')
    const swapped = [
      { ...stored, wraps: other.wraps },
      { ...stored, keyId: other.id, wraps: other.wraps },
      { ...stored, wraps: null },
    ]
    for (const each of swapped) expect(() => openKey(each, PLACE)).toThrow(/cannot be read/)
    expect(() => seal(KEY, other, PLACE)).toThrow(/another INCIPIT_SECRET/)
  })

  it('say nothing of what they hold when they do not open', async () => {
    await withSecret(OLD)
    const stored = sealKey(KEY, PLACE)
    const open = async () => openKey(stored, { ...PLACE, id: 'c2' })
    const error: unknown = await open().catch((reason: unknown) => reason)
    const told = JSON.stringify(error, Object.getOwnPropertyNames(error))
    expect(told).toContain('cannot be read')
    expect(told).not.toContain('0123456789')
    expect(told).not.toContain(OLD)
  })
})

describe('a derived key', () => {
  it('is one for each label and each secret, the same at each call', async () => {
    await withSecret(NEW, OLD)
    const labels = Object.keys(LABELS) as Label[]
    const keys = labels.flatMap((label) => derivedKeys(label))
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(labels.length * 2)
    expect(derivedKeys('api keys')[0]).toEqual(deriveKey('api keys'))
    const before = deriveKey('api keys')
    await withSecret(OLD)
    expect(derivedKeys('api keys')).not.toContainEqual(before)
  })
})

describe('the secret of an installation', () => {
  it('is made once, for its owner alone, and leaves nothing else behind', async () => {
    await withSecret(undefined)
    const stored = sealKey(KEY, PLACE)
    const file = path.join(folder, 'secret')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['secret'])
    await withSecret(undefined)
    expect(openKey(stored, PLACE)).toBe(KEY)
  })

  it('is one, when several processes make it at the same time', async () => {
    const source = path.join(import.meta.dirname, 'secret-file.ts')
    const script = `import { readOrMakeSecret } from ${JSON.stringify(pathToFileURL(source))}
      process.stdout.write(readOrMakeSecret(${JSON.stringify(folder)}))`
    const run = promisify(execFile)
    const processes = Array.from({ length: 4 }, () =>
      run(process.execPath, ['--input-type=module', '--eval', script]),
    )
    const made = new Set((await Promise.all(processes)).map(({ stdout }) => stdout))
    expect([...made]).toEqual([readFileSync(path.join(folder, 'secret'), 'utf8').trim()])
    expect(readdirSync(folder)).toEqual(['secret'])
  })

  it('is not made while INCIPIT_SECRET is set', async () => {
    await withSecret(OLD)
    sealKey(KEY, PLACE)
    expect(existsSync(path.join(folder, 'secret'))).toBe(false)
  })

  it('is not replaced when its file is damaged', () => {
    writeFileSync(path.join(folder, 'secret'), '')
    expect(() => readOrMakeSecret(folder)).toThrow(/damaged/)
    expect(readFileSync(path.join(folder, 'secret'), 'utf8')).toBe('')
  })

  it('is refused when it is short', () => {
    expect(() => callingRuntime({ environment: { INCIPIT_SECRET: 'short' } })).toThrow(/32 characters/)
    expect(() => callingRuntime({ environment: { INCIPIT_SECRET_PREVIOUS: 'short' } })).toThrow(
      /32 characters/,
    )
  })
})
