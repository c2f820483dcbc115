/** `npm run release:check`: whether what is checked out can be released, and what is missing. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readMigrations } from '#lib/db/migrations/files.ts'
import { compareVersions, VERSION } from '#lib/version.ts'
import { runScript } from '../database/arguments.ts'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'
import { licencesOf, readBill, strangeLicences } from './bill-of-materials.ts'
import { readChangelog } from './changelog.ts'
import { faultsOfMigrations } from './migrations.ts'

/** What is asked of a release, and what is wrong with it: a sentence for each fault. */
const CHECKS: Readonly<Record<string, () => Promise<string[]>>> = {
  version: checkVersion,
  changelog: checkChangelog,
  'upgrade notes': checkUpgradeNotes,
  migrations: checkMigrations,
  licences: checkLicences,
  'work tree': checkWorkTree,
}

await runScript(async () => {
  let faults = 0
  for (const [name, check] of Object.entries(CHECKS)) {
    const found = await check()
    faults += found.length
    console.log(`${found.length === 0 ? '✓' : '✗'} ${name}`)
    for (const fault of found) console.log(`    ${fault}`)
  }
  if (faults > 0) throw new Error(`${VERSION} cannot be released yet: ${faults} to mend.`)
  return `${VERSION} can be released: npm run release:files -- FOLDER, then git tag v${VERSION}.`
})

async function checkVersion(): Promise<string[]> {
  if (!/^\d+\.\d+\.\d+$/.test(VERSION)) return [`package.json: ${VERSION} is no version of three numbers.`]
  const newest = await newestTag()
  if (newest === undefined || compareVersions(VERSION, newest) > 0) return []
  return [`package.json: ${VERSION} is not newer than ${newest}, which is released.`]
}

/** The newest released version; undefined before the first. */
async function newestTag(): Promise<string | undefined> {
  const { output } = await git('tag', '--list', 'v*')
  const versions = output.split('\n').flatMap((tag) => /^v(\d+\.\d+\.\d+)$/.exec(tag)?.[1] ?? [])
  return versions.sort(compareVersions).at(-1)
}

async function checkChangelog(): Promise<string[]> {
  const [unreleased, newest] = readChangelog(await read('CHANGELOG.md'))
  const faults = []
  if (unreleased?.name !== 'Unreleased') faults.push('CHANGELOG.md does not begin with [Unreleased].')
  else if (unreleased.text.trim() !== '')
    faults.push(`CHANGELOG.md: what is under [Unreleased] belongs under [${VERSION}] with a date.`)
  if (newest?.name !== VERSION || newest.date === undefined || newest.text.trim() === '')
    faults.push(`CHANGELOG.md has no section "## [${VERSION}] - YYYY-MM-DD" below [Unreleased].`)
  return faults
}

async function checkUpgradeNotes(): Promise<string[]> {
  const notes = (await read('docs/upgrading.md'))
    .split(/^## /m)
    .find((part) => part.startsWith(`${VERSION}\n`))
  if (notes === undefined) return [`docs/upgrading.md has no section "## ${VERSION}".`]
  return ['**Upgrade**', '**Roll back**']
    .filter((part) => !notes.includes(part))
    .map((part) => `docs/upgrading.md does not say under ${VERSION}: ${part}.`)
}

async function checkMigrations(): Promise<string[]> {
  const faults = faultsOfMigrations(await readMigrations(root), VERSION)
  const newest = await newestTag()
  if (newest === undefined) return faults
  const { output } = await git(
    'diff',
    '--name-only',
    '--diff-filter=MDR',
    `v${newest}`,
    '--',
    'prisma/migrations',
  )
  const edited = output.split('\n').filter(Boolean)
  return [...faults, ...edited.map((file) => `${file} was changed since v${newest}, which has applied it.`)]
}

async function checkLicences(): Promise<string[]> {
  const { components } = await readBill()
  return strangeLicences(components).map(
    (each) =>
      `${each.name} ${each.version} is under ${licencesOf(each) || 'no licence that it names'}: look at it, then allow it or do without.`,
  )
}

async function checkWorkTree(): Promise<string[]> {
  const { output } = await git('status', '--porcelain')
  return output === '' ? [] : ['git status: there are changes that are not committed.']
}

function read(file: string): Promise<string> {
  return readFile(path.join(root, file), 'utf8')
}

function git(...args: string[]): Promise<{ output: string }> {
  return runCommand('git', args, { cwd: root })
}
