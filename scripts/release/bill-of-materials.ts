import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'

/** What we read of a CycloneDX document. */
export interface Bill {
  bomFormat: string
  specVersion: string
  metadata: { component: { name: string; version: string } }
  components: Component[]
}

export interface Component {
  name: string
  version: string
  licenses?: ({ license: { id?: string; name?: string } } | { expression: string })[]
}

/** Licences that ask for no more than to be named. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  // caniuse-lite is data.
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Unlicense',
])
/** Packages whose package.json names no licence, and what the files in them say. */
const SAID_IN_FILES: Readonly<Record<string, string>> = { geist: 'OFL-1.1', 'seq-queue': 'MIT' }

/**
 * The packages that a running Incipit has, as npm knows them from the lockfile and what is installed.
 * @throws Error with npm's words
 */
export async function readBill(): Promise<Bill> {
  const npm = process.env.npm_execpath
  const args = ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']
  const { code, output } = await runCommand(
    npm === undefined ? 'npm' : process.execPath,
    npm === undefined ? args : [npm, ...args],
    { cwd: root },
  )
  if (code !== 0) throw new Error(`npm cannot tell what is installed: ${output}`)
  const bill = JSON.parse(output.slice(output.indexOf('{'))) as Bill
  // npm names it by the folder.
  bill.metadata.component.name = 'incipit'
  return bill
}

/** A component's licences, as it names them or as its files say. */
export function licencesOf({ name, licenses = [] }: Component): string {
  return (
    licenses
      .map((each) => ('expression' in each ? each.expression : (each.license.id ?? each.license.name ?? '')))
      .join(' AND ') ||
    (SAID_IN_FILES[name] ?? '')
  )
}

/** Components under a licence that is not among the allowed ones, or under none. */
export function strangeLicences(components: readonly Component[]): Component[] {
  return components.filter((component) => {
    const names = licencesOf(component)
      .split(/[()\s]+|\bAND\b/)
      .filter(Boolean)
    return names.length === 0 || !names.every((name) => ALLOWED.has(name))
  })
}

/** Names, licences and their texts, one package after another: what goes along with a release. */
export async function printLicences({ components }: Bill): Promise<string> {
  const parts = await Promise.all(
    components.map(async (component) => {
      const heading = `${component.name} ${component.version}: ${licencesOf(component)}`
      return `${heading}\n${'-'.repeat(heading.length)}\n${await textsOf(component.name)}`
    }),
  )
  return `What Incipit runs with, and under which licences.\n\n${parts.join('\n\n')}`
}

async function textsOf(name: string): Promise<string> {
  const folder = path.join(root, 'node_modules', name)
  const files = (await readdir(folder).catch(() => [])).filter((file) =>
    /^(licen[cs]e|notice|copying)/i.test(file),
  )
  const texts = await Promise.all(
    files.sort().map((file) => readFile(path.join(folder, file), 'utf8').catch(() => '')),
  )
  return texts.map((text) => text.trim()).join('\n\n')
}
