import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { isAppError } from '../../errors.ts'
import { decodeText } from './decode-text.ts'
import { ReadBudget, type ReadLimits, readZip } from './read-zip.ts'
import { assertDistinct, assertSafePath } from './safe-path.ts'
import { zipParts } from './write-zip.ts'

const LIMITS: ReadLimits = { bytes: 1_000_000, files: 100, ratio: 100 }
const read = (zip: Uint8Array, limits: Partial<ReadLimits> = {}) =>
  readZip(zip, 'all.zip', new ReadBudget({ ...LIMITS, ...limits }))

async function refusal(work: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await work()
  } catch (error) {
    if (isAppError(error)) return { code: String(error.details[0]?.code), message: error.message }
    throw error
  }
  throw new Error('it was not refused')
}

/** A zip of one file whose directory entry is changed. */
function changed(name: string, change: (view: DataView, entry: number) => void): Uint8Array {
  const zip = zipSync({ [name]: strToU8('hello') })
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const entry = view.getUint32(zip.byteLength - 22 + 16, true)
  change(view, entry)
  return zip
}

describe('a zip', () => {
  it('is read as it was packed, without what systems leave in it', async () => {
    const zip = zipSync({
      'a/b.md': strToU8('hello'),
      'stored.md': [strToU8('x'.repeat(50)), { level: 0 }],
      'a/': new Uint8Array(),
      '__MACOSX/a/._b.md': strToU8('x'),
      'a/.DS_Store': strToU8('x'),
    })
    const files = await read(zip)
    expect(files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['a/b.md', 'hello'],
      ['stored.md', 'x'.repeat(50)],
    ])
  })

  it('is packed file by file, the same bytes each time', async () => {
    async function* files() {
      yield { path: 'ä/one.md', text: 'Grüße' }
      yield { path: 'two.md', text: '' }
    }
    const pack = async () => {
      const parts: Uint8Array[] = []
      for await (const part of zipParts(files())) parts.push(part)
      return Buffer.concat(parts)
    }
    const zip = await pack()
    expect(await pack()).toEqual(zip)
    expect((await read(zip)).map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([
      ['ä/one.md', 'Grüße'],
      ['two.md', ''],
    ])
  })

  it.each([
    ['../up.md', 'leads out'],
    ['a/../../up.md', 'leads out'],
    ['/etc/passwd', 'absolute'],
    ['C:/x.md', 'drive letter'],
    ['a\\b.md', 'backslash'],
    ['a\u0001.md', 'control character'],
    ['x'.repeat(1100), '1024 characters'],
  ])('with an entry %s is refused with its name', async (name, why) => {
    const { message } = await refusal(() => read(zipSync({ [name]: strToU8('x') })))
    expect(message).toContain(why)
    expect(message).toContain(JSON.stringify(name).slice(1, 20))
  })

  it.each([
    [
      'a symbolic link',
      'link',
      (view: DataView, at: number) => {
        view.setUint8(at + 5, 3)
        view.setUint32(at + 38, (0o120777 << 16) >>> 0, true)
      },
    ],
    ['an encrypted file', 'encrypted', (view: DataView, at: number) => view.setUint16(at + 8, 1, true)],
    ['another compression', 'compression', (view: DataView, at: number) => view.setUint16(at + 10, 12, true)],
    ['a wrong checksum', 'damaged', (view: DataView, at: number) => view.setUint32(at + 16, 7, true)],
    [
      'an entry beyond its end',
      'damaged',
      (view: DataView, at: number) => view.setUint32(at + 42, 1e9, true),
    ],
    ['a size beyond its end', 'damaged', (view: DataView, at: number) => view.setUint32(at + 20, 1e9, true)],
    ['a damaged directory', 'no_zip', (view: DataView, at: number) => view.setUint32(at, 0, true)],
  ])('with %s is refused', async (_, code, change) => {
    const found = await refusal(() => read(changed('evil.md', change)))
    expect(found.code).toBe(code)
    expect(found.message).toContain(code === 'no_zip' ? '"all.zip"' : '"evil.md"')
  })

  it('that is none, or not whole, is refused', async () => {
    expect((await refusal(() => read(strToU8('PK\u0003\u0004 and then nothing')))).code).toBe('no_zip')
    const zip = zipSync({ 'a.md': strToU8('hello') })
    expect((await refusal(() => read(zip.subarray(0, zip.byteLength - 10)))).code).toBe('no_zip')
  })

  it('that inflates beyond a limit is stopped there, whatever it says of itself', async () => {
    const bomb = zipSync({ 'bomb.md': new Uint8Array(20_000_000) }, { level: 9 })
    expect((await refusal(() => read(bomb, { bytes: 100_000_000 }))).message).toContain('limits.import_ratio')
    expect((await refusal(() => read(bomb, { ratio: 10_000 }))).message).toContain('limits.import_bytes')
    const small = zipSync({ 'zeros.md': new Uint8Array(60_000) }, { level: 9 })
    expect(await read(small)).toHaveLength(1)
    const many = zipSync(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`${n}.md`, strToU8('x')])))
    expect((await refusal(() => read(many))).message).toContain('limits.import_files')
    const sum = zipSync(
      Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`${n}.md`, new Uint8Array(60_000)])),
    )
    expect((await refusal(() => read(sum))).message).toContain('limits.import_bytes')
    // Its directory says that there is nothing in it.
    const lying = changed('lie.md', (view, at) => view.setUint32(at + 24, 0, true))
    expect(await read(lying)).toHaveLength(1)
  })

  it('within a zip stays one', async () => {
    const inner = zipSync({ 'x.md': new Uint8Array(1000) })
    const [file] = await read(zipSync({ 'inner.zip': inner }))
    expect(Buffer.from(file?.bytes ?? []).equals(inner)).toBe(true)
  })
})

describe('paths', () => {
  it('of two files that some systems take for one are refused with both', async () => {
    const { message } = await refusal(() => assertDistinct(['a/Mail.md', 'b.md', 'a/mail.md']))
    expect(message).toContain('"a/mail.md" is on some systems the same file as "a/Mail.md"')
    expect((await refusal(() => assertDistinct(['é.md', 'e\u0301.md']))).code).toBe('duplicate_path')
  })

  it('may be what people write', () => {
    for (const path of [
      'a.md',
      'Ordner mit Umlaut ä/b c.md',
      '.github/prompts/x.prompt.md',
      'a..b/c.md',
      '日本.md',
    ])
      expect(() => assertSafePath(path)).not.toThrow()
  })
})

describe('the text of a file', () => {
  it.each([
    ['UTF-8', Buffer.from('Grüße'), 'Grüße'],
    ['UTF-16 with its mark, little end first', Buffer.from('\ufeffGrüße', 'utf16le'), 'Grüße'],
    ['UTF-16 with its mark, big end first', Buffer.from('\ufeffGrüße', 'utf16le').swap16(), 'Grüße'],
  ])('is read as %s', (_, bytes, text) => {
    const found = decodeText(bytes)
    expect('text' in found && found.text.replace('\ufeff', '')).toBe(text)
  })

  it.each([
    ['Latin-1', Buffer.from('Grüße', 'latin1'), 'not valid UTF-8'],
    ['half of a character of UTF-16', Buffer.from([0xff, 0xfe, 0x61]), 'not valid UTF-16LE'],
    ['UTF-16 without its mark', Buffer.from('abc', 'utf16le'), 'NUL'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]), 'not valid UTF-8'],
  ])('is refused as %s', (_, bytes, why) => {
    const found = decodeText(bytes)
    expect('fault' in found && found.fault).toContain(why)
  })
})
