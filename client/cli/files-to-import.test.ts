import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { filesToImport } from './files-to-import.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'incipit-import-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(...names: string[]) {
  for (const name of names) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), name)
  }
}

async function found(...places: string[]) {
  const { files, left } = await filesToImport(places.map((place) => path.join(folder, place)))
  return { names: files.map(({ name }) => name).toSorted(), left }
}

it('takes a folder by its name, and counts what it leaves out', async () => {
  await write('mine/a.md', 'mine/b/c.md', 'mine/.hidden/d.md', 'mine/.env', 'mine/node_modules/x/readme.md')
  await symlink('/etc/passwd', path.join(folder, 'mine/link.md'))
  expect(await found('mine')).toEqual({ names: ['mine/a.md', 'mine/b/c.md'], left: 4 })
})

it('takes what is hidden where it is named itself', async () => {
  await write('.cursor/rules/x.mdc', '.windsurfrules')
  expect(await found('.cursor', '.windsurfrules')).toEqual({
    names: ['.cursor/rules/x.mdc', '.windsurfrules'],
    left: 0,
  })
})

it('takes files of one name by their paths, and what is named twice once', async () => {
  await write('one/system.md', 'two/system.md', 'other.md')
  const { names } = await found('one/system.md', 'two/system.md', 'other.md', 'other.md')
  expect(names).toHaveLength(3)
  for (const name of ['one/system.md', 'two/system.md', 'other.md'])
    expect(names).toContainEqual(expect.stringMatching(new RegExp(`(?:^|/)${name}$`)))
  expect(names.every((name) => !name.startsWith('/') && !name.includes('..'))).toBe(true)
})
