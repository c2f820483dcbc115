import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'rolldown'
import { isolatedDeclarationSync } from 'rolldown/experimental'
import { ROOT } from '../site/sources.ts'
import { type ArchiveFile, packTar } from './tar.ts'

/** The oldest Node that the client runs on; package.json says the same of the app. */
const TARGET = 'node20.19'

/** Files that become declarations as they are: types, and constants with their types written out. */
const DECLARED = ['index', 'public']

/** The package `incipit` as npm installs it: client and command line, with everything they need. */
export async function clientTarball(): Promise<Buffer> {
  const about: { version: string; license: string; engines: { node: string } } = JSON.parse(
    read('package.json').toString(),
  )
  const { code, packages } = await bundle(about.version)
  const files: ArchiveFile[] = [
    { name: 'package.json', bytes: text(JSON.stringify(manifest(about), null, 2)) },
    { name: 'README.md', bytes: read('client/README.md') },
    { name: 'LICENSE', bytes: read('LICENSE') },
    { name: 'THIRD-PARTY.md', bytes: text(packages.map(notice).join('\n')) },
    ...code,
    ...DECLARED.map((name) => ({ name: `dist/${name}.d.ts`, bytes: text(declaration(name)) })),
  ]
  return packTar(files.map((file) => ({ ...file, name: `package/${file.name}` })))
}

function manifest({ version, license, engines }: { version: string; license: string; engines: object }) {
  return {
    name: 'incipit',
    version,
    description: 'Client and command line of Incipit, a registry and workbench for prompts',
    license,
    type: 'module',
    engines,
    bin: { incipit: 'dist/cli.js' },
    types: './dist/index.d.ts',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    sideEffects: false,
  }
}

/** @returns the code, and the packages of others that are in it */
async function bundle(version: string): Promise<{ code: ArchiveFile[]; packages: string[] }> {
  const { output } = await build({
    cwd: ROOT,
    input: { index: 'client/index.ts', cli: 'client/cli/main.ts' },
    platform: 'node',
    transform: { target: TARGET, define: { INCIPIT_VERSION: JSON.stringify(version) } },
    output: { format: 'esm', minify: true, chunkFileNames: 'chunk-[hash].js', comments: { legal: false } },
    write: false,
    logLevel: 'warn',
  })
  const chunks = output.filter((each) => each.type === 'chunk')
  const modules = chunks.flatMap(({ moduleIds }) => moduleIds)
  return {
    code: chunks.map(({ fileName, code }) => ({
      name: `dist/${fileName}`,
      bytes: text(code),
      isProgram: fileName === 'cli.js',
    })),
    packages: [...new Set(modules.flatMap(packageOf))].toSorted(),
  }
}

function packageOf(module: string): string[] {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module.replaceAll('\\', '/'))?.[1]
  return found === undefined ? [] : [found]
}

/** What the licence of a package asks to be told. */
function notice(name: string): string {
  const folder = path.join('node_modules', name)
  const { version, license }: { version: string; license: string } = JSON.parse(
    read(path.join(folder, 'package.json')).toString(),
  )
  const file = globSync('{LICENSE,LICENCE,COPYING}*', { cwd: path.join(ROOT, folder) })[0]
  const terms = file === undefined ? '' : `\n${read(path.join(folder, file)).toString().trim()}\n`
  return `## ${name} ${version} (${license})\n${terms}`
}

function declaration(name: string): string {
  const file = `${name}.ts`
  const { code, errors } = isolatedDeclarationSync(file, read(`client/${file}`).toString())
  if (errors.length > 0) throw new Error(`client/${file}: ${errors.map(({ message }) => message).join(' ')}`)
  return code.replaceAll(/(['"]\.\/\w+)\.ts(?=['"])/g, '$1.js')
}

function read(file: string): Buffer {
  return readFileSync(path.join(ROOT, file))
}

function text(code: string): Buffer {
  return Buffer.from(code.endsWith('\n') ? code : `${code}\n`)
}
