import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { VERSION } from '#lib/version.ts'
import { root } from '../root.mjs'
import { type Bill, licencesOf, strangeLicences } from './bill-of-materials.ts'
import { readChangelog } from './changelog.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'incipit-release-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const text = (file: string) => readFileSync(path.join(root, file), 'utf8')

describe('what a release consists of', () => {
  it('is source, bill of materials and licences, whose checksums are right', () => {
    execFileSync(process.execPath, ['scripts/release/files.ts', folder], { cwd: root })
    const [name, source] = [`incipit-${VERSION}`, `incipit-${VERSION}.tar.gz`]
    const files = [`${name}.cdx.json`, `${name}.licences.txt`, source]
    expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', ...files].sort())
    for (const line of readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n')) {
      const [sum, file = ''] = line.split('  ')
      expect(
        createHash('sha256')
          .update(readFileSync(path.join(folder, file)))
          .digest('hex'),
      ).toBe(sum)
    }
    const packed = execFileSync('tar', ['-tzf', path.join(folder, source)], { encoding: 'utf8' })
    expect(packed).toContain(`${name}/package-lock.json\n`)
    expect(packed).not.toMatch(/node_modules|\/\.incipit\//)
    const bill = JSON.parse(readFileSync(path.join(folder, `${name}.cdx.json`), 'utf8')) as Bill
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'incipit', version: VERSION } },
    })
    const { dependencies } = JSON.parse(text('package.json')) as Record<string, Record<string, string>>
    const names = new Set(bill.components.map((each) => each.name))
    // Our own are part of the source.
    const others = Object.entries(dependencies ?? {}).filter(
      ([, version]) => !/^(file:|0\.1\.0$)/.test(version),
    )
    for (const [each] of others) expect(names).toContain(each)
    for (const tool of ['vitest', '@playwright/test', '@biomejs/biome']) expect(names).not.toContain(tool)
    expect(strangeLicences(bill.components)).toEqual([])
    const licences = readFileSync(path.join(folder, `${name}.licences.txt`), 'utf8')
    for (const each of bill.components)
      expect(licences).toContain(`${each.name} ${each.version}: ${licencesOf(each)}`)
  })

  it('has licences that ask for more than to be named refused', () => {
    const under = (...ids: string[]) => ({
      'bom-ref': 'x',
      name: 'x',
      version: '1.0.0',
      licenses: ids.map((id) => ({ license: { id } })),
    })
    const strange = [
      under('GPL-3.0-only'),
      under(),
      under('MIT', 'AGPL-3.0-only'),
      { 'bom-ref': 'x', name: 'x', version: '1.0.0' },
    ]
    expect(strangeLicences([under('MIT'), under('MIT', 'ISC'), ...strange])).toEqual(strange)
  })
})

describe('CHANGELOG.md', () => {
  const sections = readChangelog(text('CHANGELOG.md'))

  it('has what is not released first, then versions from the newest on, each with its date', () => {
    expect(sections[0]?.name).toBe('Unreleased')
    const released = sections.slice(1)
    expect(released.length).toBeGreaterThan(0)
    expect(released[0]?.name).toBe(VERSION)
    for (const { name, date } of released)
      expect([name, date]).toEqual([
        expect.stringMatching(/^\d+\.\d+\.\d+$/),
        expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      ])
    const dates = released.map(({ date }) => date)
    expect(dates).toEqual(dates.toSorted((a = '', b = '') => b.localeCompare(a)))
  })
})
