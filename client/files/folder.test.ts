import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PromptFolder } from './folder.ts'
import { hashOf, readLock, writeLock } from './lock.ts'
import { filePathOf } from './names.ts'

let outside: string
let folder: PromptFolder
beforeEach(async () => {
  outside = await mkdtemp(path.join(tmpdir(), 'incipit-folder-'))
  folder = new PromptFolder(path.join(outside, 'prompts'))
  await mkdir(folder.place)
})
afterEach(() => rm(outside, { recursive: true }))

describe('the file of a prompt', () => {
  it.each(['../x', '..', 'a/b', 'a\\b', '/etc/passwd', 'C:x', '.hidden', 'a\0b', '', 'A'.repeat(10)])(
    'is never that of the name %j',
    (name) => {
      expect(() => filePathOf({ name })).toThrow('cannot be the name of a file')
      expect(() => filePathOf({ name: 'fine', category: name })).toThrow('cannot be the name of a file')
    },
  )

  it('is in the folder of its category', () => {
    expect(filePathOf({ name: 'x', category: 'data' })).toBe('data/x.md')
    expect(filePathOf({ name: 'x', category: null })).toBe('x.md')
  })
})

describe('a folder', () => {
  it.each(['../x.md', '/tmp/x.md', 'a/../../x.md', ''])(
    'writes, reads and removes nothing at %j',
    async (file) => {
      await expect(folder.write(file, 'x')).rejects.toThrow('outside of')
      await expect(folder.text(file)).rejects.toThrow('outside of')
      await expect(folder.remove(file)).rejects.toThrow('outside of')
    },
  )

  it('follows no link, to a folder or to a file', async () => {
    await mkdir(path.join(outside, 'elsewhere'))
    await writeFile(path.join(outside, 'secret.md'), '---\nname: secret\n---\nx\n')
    await symlink(path.join(outside, 'elsewhere'), path.join(folder.place, 'data'))
    await symlink(path.join(outside, 'secret.md'), path.join(folder.place, 'secret.md'))
    await expect(folder.write('data/x.md', 'x')).rejects.toThrow('is a link')
    await expect(folder.write('secret.md', 'x')).rejects.toThrow('is a link')
    expect(await folder.read(undefined)).toEqual([])
    expect(await readdir(path.join(outside, 'elsewhere'))).toEqual([])
    expect(await readFile(path.join(outside, 'secret.md'), 'utf8')).toContain('name: secret')
  })

  it('has the files that begin as prompts, with what is wrong in them', async () => {
    await folder.write('data/one.md', '---\nname: one\n---\r\ntext\n')
    await folder.write('README.md', '# Not a prompt\n')
    await folder.write('bad.md', '---\nname: [\n---\n')
    const conflict = '---\nname: two\n---\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n'
    await folder.write('two.md', conflict)
    const files = await folder.read(undefined)
    expect(files.map(({ file, prompt, problem }) => [file, prompt?.name, problem?.kind])).toEqual([
      ['bad.md', undefined, 'format'],
      ['data/one.md', 'one', undefined],
      ['two.md', undefined, 'conflict'],
    ])
    // A text of the server that shows such lines is no conflict.
    const locked = { file: 'two.md', version: 1, checksum: '', sha256: hashOf(conflict) }
    const [two] = (await folder.read({ url: '', label: '', prompts: new Map([['two', locked]]) })).slice(-1)
    expect(two?.prompt?.name).toBe('two')
  })
})

describe('the lock file', () => {
  it('is read as it was written, by name', async () => {
    expect(await readLock(folder.place)).toBeUndefined()
    const entry = { file: 'x.md', version: 3, checksum: 'c', sha256: hashOf('text\r\n'), tags: ['a'] }
    const lock = {
      url: 'https://x',
      label: 'latest',
      prompts: new Map([
        ['b', entry],
        ['a', entry],
      ]),
    }
    await writeLock(folder.place, lock)
    const read = await readLock(folder.place)
    expect([...(read?.prompts ?? [])]).toEqual([
      ['a', entry],
      ['b', entry],
    ])
    expect(entry.sha256).toBe(hashOf('text\n'))
  })

  it.each([
    ['what git left', '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n', 'conflict markers'],
    ['no JSON', '{', 'no JSON'],
    ['another form', '{"lock_version": 9, "prompts": {}}', 'of form 9'],
    ['a name that leads elsewhere', '{"lock_version": 1, "prompts": {"../x": {}}}', '"../x" is not complete'],
    ['nothing', '{}', 'no "prompts"'],
  ])('with %s is refused', async (_, text, message) => {
    await writeFile(path.join(folder.place, 'incipit.lock'), text)
    await expect(readLock(folder.place)).rejects.toThrow(message)
  })
})
