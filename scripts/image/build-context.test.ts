import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { siteSources, sources } from '../launch/prepare.mjs'
import { root } from '../root.mjs'
import { readPictures } from '../site/assets.ts'
import { pageAddresses, targetOf } from '../site/links.ts'
import { readSources } from '../site/sources.ts'

/** The patterns of .dockerignore in their order: of those that fit a file or a folder above it, the last decides. */
const patterns = readFileSync(path.join(root, '.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ isOutside: !line.startsWith('!'), glob: line.replace(/^!/, '') }))

function isOutside(file: string): boolean {
  const parts = file.split('/')
  const places = parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  const last = patterns.findLast(
    ({ glob }) => glob === '*' || places.some((place) => path.matchesGlob(place, glob)),
  )
  return last?.isOutside ?? false
}

interface Sources {
  paths: string[]
  isWanted: (file: string) => boolean
}

function filesOf({ paths, isWanted }: Sources): string[] {
  const under = (file: string): string[] => {
    if (!isWanted(file) || file.includes('/node_modules')) return []
    const names = readdirSync(path.join(root, file), { withFileTypes: true })
    return names.flatMap((each) => {
      const inside = `${file}/${each.name}`
      if (each.isDirectory()) return under(inside)
      return isWanted(inside) ? [inside] : []
    })
  }
  return paths.flatMap((file) => (statSync(path.join(root, file)).isDirectory() ? under(file) : [file]))
}

describe('what the build of an image is given', () => {
  it.each([
    ['the app', sources],
    ['the documentation', siteSources],
  ])('has everything that %s is built from', (_, of) => {
    const files = filesOf(of)
    expect(files.length).toBeGreaterThan(100)
    expect(files.filter(isOutside)).toEqual([])
  })

  it('has every document of the site, and what its pages point at', () => {
    const documents = readSources()
    const pictures = readPictures()
    const addresses = {
      pages: pageAddresses(documents),
      pictures: new Map([...pictures].map(([file, { address }]) => [file, address])),
    }
    const pointedAt = documents.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, href = '']) => href)
        .filter((href) => targetOf(file, href, addresses).kind === 'file')
        .map((href) => path.posix.join(path.posix.dirname(file), href.replace(/#.*/s, ''))),
    )
    expect(pointedAt.length).toBeGreaterThan(0)
    const files = [...documents.map(({ file }) => file), ...pictures.keys(), ...pointedAt]
    expect(files.filter((file) => isOutside(file) || !existsSync(path.join(root, file)))).toEqual([])
  })

  it('has nothing of what is kept, made or secret', () => {
    const outside = [
      '.env',
      '.git/config',
      '.incipit/secret',
      '.next/BUILD_ID',
      'node_modules/next/package.json',
    ]
    expect(outside.filter((file) => !isOutside(file))).toEqual([])
  })
})
