// Checks that package-lock.json has an entry for every platform's variant of a native package. A registry
// mirror that lacks some of them makes npm drop their entries, and then `npm ci` fails for everybody.
// With --fix the missing entries are added.
// Checks too that nothing is asked for by a tag such as "latest": the lockfile goes stale by itself on the
// day the tag moves. `overrides` in package.json pins such a package.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.mjs'

const path = join(root, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8'))
const missing = missingVariants(lock.packages)
const tagged = askedByTag(lock.packages)

if (missing.length > 0 && process.argv.includes('--fix')) {
  for (const variant of missing) lock.packages[`node_modules/${variant.name}`] = entryFor(variant)
  const [project, ...others] = Object.keys(lock.packages)
  const sorted = [project, ...others.sort((a, b) => a.localeCompare(b, 'en'))]
  lock.packages = Object.fromEntries(sorted.map((key) => [key, lock.packages[key]]))
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`Added ${missing.length} entries.`)
} else if (missing.length > 0) {
  console.error(`package-lock.json lacks ${missing.map(({ name }) => name).join(', ')}.`)
  console.error('Add them with "node scripts/test/check-lockfile.mjs --fix".')
  process.exitCode = 1
}
if (tagged.length > 0) {
  console.error(`Asked for by a tag: ${tagged.join(', ')}.`)
  console.error('Pin each one under "overrides" in package.json, then run "npm install".')
  process.exitCode = 1
}

/** A range begins with a digit, an operator or a star, or names an alias; a tag is a word. */
function askedByTag(packages) {
  const { overrides = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return Object.entries(packages).flatMap(([owner, { dependencies, optionalDependencies }]) =>
    Object.entries({ ...dependencies, ...optionalDependencies })
      .filter(([name, range]) => /^[a-z][\w.-]*$/i.test(range) && range !== 'x' && !overrides[name])
      .map(([name, range]) => `${name}@${range} (by ${owner || 'package.json'})`),
  )
}

function missingVariants(packages) {
  return Object.entries(packages).flatMap(([owner, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isPresent(packages, owner, name))
      .map(([name, version]) => ({ name, version, isDev: entry.dev })),
  )
}

/** As Node looks it up: in the owner's node_modules, then in those above it. */
function isPresent(packages, owner, name) {
  for (let at = owner; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true
    if (!at) return false
  }
}

/** The name tells the platform, such as @oxlint/binding-linux-arm64-musl. */
function entryFor({ name, version, isDev }) {
  const [, system, cpu, flavour = ''] =
    name.match(/(android|darwin|linux|win32|freebsd|openharmony|wasm32)-([a-z0-9]+)(?:-([a-z]+))?$/) ?? []
  const libc = flavour.startsWith('musl') ? ['musl'] : flavour.startsWith('gnu') ? ['glibc'] : undefined
  return {
    version,
    cpu: [system === 'wasm32' ? 'wasm32' : cpu],
    dev: isDev,
    libc: system === 'linux' ? libc : undefined,
    optional: true,
    os: system === 'wasm32' ? undefined : [system],
  }
}
