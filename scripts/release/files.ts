/** `npm run release:files -- FOLDER`: what a release consists of, in an empty folder, with checksums. */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { VERSION } from '#lib/version.ts'
import { fileArgument, runScript } from '../database/arguments.ts'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { printLicences, readBill } from './bill-of-materials.ts'

await runScript(async () => {
  const folder = fileArgument()
  if (folder === undefined) throw new Error('Name the folder: npm run release:files -- FOLDER')
  await mkdir(folder, { recursive: true })
  if ((await readdir(folder)).length > 0)
    throw new Error(`${folder} is not empty. Name an empty or a new folder.`)
  await writeSource(folder)
  const bill = await readBill()
  await writeFile(path.join(folder, `incipit-${VERSION}.cdx.json`), `${JSON.stringify(bill, null, 2)}\n`)
  await writeFile(path.join(folder, `incipit-${VERSION}.licences.txt`), await printLicences(bill))
  await writeChecksums(folder)
  return `Incipit ${VERSION} is in ${folder}. Check it there with "sha256sum --check SHA256SUMS".`
})

/** The files of the commit that is checked out. The same commit gives the same bytes. */
async function writeSource(folder: string): Promise<void> {
  const name = `incipit-${VERSION}`
  const args = [
    'archive',
    '--format=tar.gz',
    `--prefix=${name}/`,
    '-o',
    path.join(folder, `${name}.tar.gz`),
    'HEAD',
  ]
  const { code, output } = await runCommand('git', args, { cwd: root })
  if (code !== 0) throw new Error(`git cannot pack the source: ${output}`)
}

async function writeChecksums(folder: string): Promise<void> {
  const names = (await readdir(folder)).sort()
  const lines = await Promise.all(
    names.map(async (name) => {
      const hash = createHash('sha256').update(await readFile(path.join(folder, name)))
      return `${hash.digest('hex')}  ${name}\n`
    }),
  )
  await writeFile(path.join(folder, 'SHA256SUMS'), lines.join(''))
}
