import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from '../root.mjs'
import { runCommand } from '../run-command.mjs'

/** What we read of a CycloneDX document. */
export interface Bill {
  bomFormat: string
  specVersion: string
  metadata: { component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] | undefined }[]
}

export interface Component {
  'bom-ref': string
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
  // lightningcss, whose files are used as they are.
  'MPL-2.0',
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
  // `--omit dev` would leave out whatever some package needs for its development as well.
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application']
  const { code, output } = await runCommand(
    npm === undefined ? 'npm' : process.execPath,
    npm === undefined ? args : [npm, ...args],
    { cwd: root },
  )
  if (code !== 0) throw new Error(`npm cannot tell what is installed: ${output}`)
  const bill = JSON.parse(output.slice(output.indexOf('{'))) as Bill
  // npm names it by the folder.
  bill.metadata.component.name = 'incipit'
  const tools = await readTools()
  const components = bill.components.filter((each) => !tools.has(each['bom-ref']))
  const refs = new Set([bill.metadata.component, ...components].map((each) => each['bom-ref']))
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn?.filter((each) => refs.has(each)) }))
  return { ...bill, components, dependencies }
}

/** What only those need who develop, and what something would use if it were there: `name@version`. */
async function readTools(): Promise<Set<string>> {
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; dev?: boolean; devOptional?: boolean }>
  }
  const refs = Object.entries(lock.packages).map(([place, { version, dev, devOptional }]) => ({
    ref: `${place.split('node_modules/').at(-1)}@${version}`,
    isTool: dev === true || devOptional === true,
  }))
  const needed = new Set(refs.flatMap(({ ref, isTool }) => (isTool ? [] : [ref])))
  return new Set(refs.flatMap(({ ref, isTool }) => (isTool && !needed.has(ref) ? [ref] : [])))
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
  return components.filter((component) => !isAllowed(licencesOf(component)))
}

/** @param expression of licences, in SPDX's form: all of `AND`, one of `OR` */
function isAllowed(expression: string): boolean {
  const parts = expression.replaceAll(/[()]/g, '').split(' AND ')
  return parts.every((part) => part.split(' OR ').some((name) => ALLOWED.has(name.trim())))
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
