import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { root } from './root.mjs'

// Most of packages/ are empty packages that stand for large ones which nobody calls. npm would install the real
// ones beside them as soon as a version does not fit any more.
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'))

const standIns = readdirSync(path.join(root, 'packages')).filter((folder) =>
  read(`packages/${folder}/package.json`).description.startsWith('Stands for'),
)

it.each(standIns)('nothing else is installed than packages/%s', (folder) => {
  const { name } = read(`packages/${folder}/package.json`)
  const { packages } = read('package-lock.json')
  const places = Object.keys(packages).filter((place) => place.endsWith(`node_modules/${name}`))
  expect(places).toEqual([`node_modules/${name}`])
  expect(packages[`node_modules/${name}`]).toMatchObject({ resolved: `packages/${folder}`, link: true })
})
